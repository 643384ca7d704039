import type { AuthRequest, AuthResponse } from './contract.ts';
import type { Exchange } from './exchange.ts';
import { chain, isPromise } from './promises.ts';

/** How the loop reaches a client that lets us send. */
export interface Wire<Request extends AuthRequest, Answer> {
  /** A fresh copy of the caller's request, to be signed and sent once. */
  request(): Request;
  send(request: Request): Promise<Answer>;
  /** Goes where an answer leads, such as to the next hop of a redirect, and gives the one at the end. */
  follow?(answer: Answer): Answer | Promise<Answer>;
  response(answer: Answer, request: Request): AuthResponse;
  /** Frees an answer that the caller will never see: drains a small body, cancels a large one. */
  discard(answer: Answer): void | Promise<void>;
  /** For clients that report a status as an error: the answer that this error holds, or throws the error. */
  recover?(error: unknown, request: Request): Answer;
  /** For the same clients: gives the answer that stands to the caller, or throws it. */
  deliver?(answer: Answer): Answer;
}

/** Sends until the exchange lets an answer stand: once, twice after a renewal, three times at the very most. */
export function run<Request extends AuthRequest, Answer>(
  exchange: Exchange,
  wire: Wire<Request, Answer>,
): Promise<Answer> {
  try {
    const request = wire.request();
    const prepared = exchange.prepare(request);
    const sent = isPromise(prepared) ? prepared.then(() => wire.send(request)) : wire.send(request);
    return sent.then(
      (answer) => {
        const last = wire.follow === undefined ? answer : wire.follow(answer);
        if (!isPromise(last)) return settle(exchange, wire, request, last);
        return last.then((end) => settle(exchange, wire, request, end));
      },
      wire.recover && ((error: unknown) => settle(exchange, wire, request, wire.recover?.(error, request) as Answer)),
    );
  } catch (error) {
    return Promise.reject(error);
  }
}

function settle<Request extends AuthRequest, Answer>(
  exchange: Exchange,
  wire: Wire<Request, Answer>,
  request: Request,
  answer: Answer,
): Answer | Promise<Answer> {
  let resend: boolean | Promise<boolean>;
  try {
    resend = exchange.review(wire.response(answer, request));
  } catch (error) {
    return fail(wire, answer, error);
  }
  if (resend === false) return deliver(wire, answer);
  const proceed = (again: boolean) =>
    again ? chain(wire.discard(answer), () => run(exchange, wire)) : deliver(wire, answer);
  return isPromise(resend) ? resend.then(proceed, (error) => fail(wire, answer, error)) : proceed(resend);
}

function deliver<Request extends AuthRequest, Answer>(wire: Wire<Request, Answer>, answer: Answer): Answer {
  return wire.deliver === undefined ? answer : wire.deliver(answer);
}

/** Whoever gets an error instead of the answer never sees its body: left unread, that would block its connection. */
function fail<Request extends AuthRequest, Answer>(wire: Wire<Request, Answer>, answer: Answer, error: unknown): never {
  const freed = wire.discard(answer);
  if (isPromise(freed)) freed.catch(() => undefined);
  throw error;
}
