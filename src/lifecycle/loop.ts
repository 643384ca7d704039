import type { AuthRequest, AuthResponse } from './contract.ts';
import type { Exchange } from './exchange.ts';
import { isPromise, notify } from './promises.ts';

/** How the loop reaches a client that lets us send. */
export interface Wire<Request extends AuthRequest, Answer> {
  /** A fresh copy of the caller's request, to be signed and sent once. */
  request(): Request;
  send(request: Request): Promise<Answer>;
  /** Goes where an answer leads, such as to the next hop of a redirect, and gives the one at the end. */
  follow(answer: Answer): Answer | Promise<Answer>;
  response(answer: Answer, request: Request): AuthResponse;
  /** Frees an answer that the caller will never see: drains a small body, cancels a large one. */
  discard(answer: Answer): unknown;
  /** Gives the answer that stands to the caller, or throws it. */
  deliver(answer: Answer): Answer | Promise<Answer>;
}

/** Sends until the exchange lets an answer stand: once, twice after a renewal, three times at the very most. */
export async function run<Request extends AuthRequest, Answer>(
  exchange: Exchange,
  wire: Wire<Request, Answer>,
): Promise<Answer> {
  for (;;) {
    const request = wire.request();
    const prepared = exchange.prepare(request);
    // What is there already is not awaited: a valid credential costs no turn of the event loop.
    if (isPromise(prepared)) await prepared;
    const last = wire.follow(await wire.send(request));
    const answer = isPromise(last) ? await last : last;
    let resend: boolean | Promise<boolean>;
    try {
      resend = exchange.review(wire.response(answer, request));
      if (isPromise(resend)) resend = await resend;
    } catch (error) {
      // A caller that gets an error never sees the body. Unread, it would block its connection.
      notify(() => wire.discard(answer));
      throw error;
    }
    if (!resend) return wire.deliver(answer);
    await wire.discard(answer);
  }
}
