/**
 * One call to an authenticated fetch: what the caller gave, read once, sent as often as the exchange wants.
 */

import type { Exchange } from '../../lifecycle/exchange.ts';
import { ObjectHeaders, WebHeaders } from '../../lifecycle/headers.ts';
import type { Wire } from '../../lifecycle/loop.ts';
import type { Wiring } from '../../lifecycle/wiring.ts';
import type { BodyInit, RequestInfo } from '../../web-types.ts';
import { type BodyReader, FetchAnswer, FetchAttempt, present } from './attempt.ts';
import { bytesOf, discard } from './body.ts';
import { multipartBlob } from './multipart.ts';
import type { AuthRequestInit, CallParts } from './parts.ts';
import { RedirectChain } from './redirect.ts';

/** The function that a wrapped fetch sends with. */
export type FetchLike = (input: RequestInfo | URL, init?: RequestInit) => Promise<Response>;

/**
 * The fetch of any implementation. Each has types of its own for requests, `init` and responses, and none fits another's.
 */
// biome-ignore lint/suspicious/noExplicitAny: no type is a supertype of all these parameters, and callbacks need one.
export type AnyFetch = (input: any, init?: any) => Promise<{ readonly status: number; readonly headers: object }>;

/** What fetch takes, and TypeScript's DOM types do not know of yet. */
type WireInit = RequestInit & { duplex?: 'half' };

export class FetchCall implements Wire<FetchAttempt, Response>, BodyReader {
  readonly #parts: CallParts;
  readonly #init: AuthRequestInit;
  readonly #wiring: Wiring;
  readonly #exchange: Exchange;
  readonly #fetch: FetchLike;
  /** The Request whose body the next attempt sends; a clone of it is kept for the attempt after. */
  #request: Request | undefined;
  #bodyTaken = false;

  constructor(parts: CallParts, wiring: Wiring, exchange: Exchange, fetch: FetchLike) {
    const { init, request } = parts;
    this.#parts = parts;
    this.#init = init.body instanceof FormData ? { ...init, body: multipartBlob(init.body) } : init;
    this.#wiring = wiring;
    this.#exchange = exchange;
    this.#fetch = fetch;
    this.#request = request;
  }

  request(): FetchAttempt {
    const { url, method, replayable } = this.#parts;
    return new FetchAttempt(url, method, this.#headers(), replayable, this);
  }

  readBody(): Promise<Uint8Array | undefined> {
    const { bodyInRequest, replayable } = this.#parts;
    if (!bodyInRequest) return this.#init.bodyFactory === undefined ? bytesOf(this.#init.body) : NOTHING;
    if (!replayable || this.#request === undefined) return NOTHING;
    return this.#request
      .clone()
      .arrayBuffer()
      .then((buffer) => new Uint8Array(buffer));
  }

  send(attempt: FetchAttempt): Promise<Response> {
    const byHand = this.#mustFollowByHand(attempt);
    const sent = this.#dispatch(attempt, byHand ? { ...this.#init, redirect: 'manual' } : this.#init);
    return byHand ? sent.then((response) => this.#follow(attempt, response)) : sent;
  }

  response(response: Response, attempt: FetchAttempt): FetchAnswer {
    return new FetchAnswer(response, attempt);
  }

  discard(response: Response): void | Promise<void> {
    return discard(response);
  }

  /**
   * Uses up the caller's Request, as fetch does before it returns, even while the credential is still to come. Where the
   * call was sent at once, sending has done so, and spares the copy that costs more than all the rest.
   */
  takeBody(): void {
    if (this.#bodyTaken || this.#request === undefined) return;
    this.#request = new Request(this.#request);
    this.#bodyTaken = true;
  }

  /** Lets go of the body that was kept for a resend. */
  release(): void {
    this.#request?.body?.cancel().catch(() => undefined);
  }

  #headers(): ObjectHeaders | WebHeaders {
    const { headers } = this.#parts;
    const { headerPolicy } = this.#wiring;
    if (!(headers instanceof Headers)) return new ObjectHeaders({ ...headers }, headerPolicy);
    const fields = fieldsOf(headers);
    return fields === undefined
      ? new WebHeaders(new Headers(headers), headerPolicy)
      : new ObjectHeaders(fields, headerPolicy);
  }

  /** fetch itself strips `Authorization` and `Cookie`, and no other credential, when a redirect leaves the origin. */
  #mustFollowByHand(attempt: FetchAttempt): boolean {
    if (!this.#exchange.signed || !(this.#wiring.signsHops || attempt.signedUnusually)) return false;
    return (this.#init.redirect ?? this.#request?.redirect ?? 'follow') === 'follow';
  }

  #dispatch(attempt: FetchAttempt, init: AuthRequestInit): Promise<Response> {
    const { bodyFactory } = init;
    const headers = attempt.headers.fields as HeadersInit;
    if (bodyFactory === undefined) return this.#fetchTo(attempt.signedUrl, { ...init, headers });
    return Promise.resolve(bodyFactory()).then((body) =>
      this.#fetchTo(attempt.signedUrl, { ...init, headers, body, duplex: 'half' }),
    );
  }

  #fetchTo(signedUrl: string | undefined, init: WireInit): Promise<Response> {
    const { input, bodyInRequest, replayable } = this.#parts;
    const request = this.#request;
    if (request === undefined) return this.#fetch(signedUrl ?? input, init);
    this.#bodyTaken = true;
    if (bodyInRequest && replayable) this.#request = request.clone();
    if (signedUrl === undefined) return this.#fetch(request, init);
    if (!bodyInRequest) return this.#fetch(signedUrl, { ...traitsOf(request), ...init });
    return request.arrayBuffer().then((body) => this.#fetch(signedUrl, { ...traitsOf(request), ...init, body }));
  }

  async #follow(attempt: FetchAttempt, first: Response): Promise<Response> {
    const chain = new RedirectChain(attempt.plainUrl, attempt.method, attempt.replayable);
    const response = await chain.follow(first, () => this.#sendHop(chain));
    return chain.hops > 0 || attempt.signedUrl !== undefined
      ? present(response, chain.url.href, chain.hops > 0)
      : response;
  }

  async #sendHop(chain: RedirectChain): Promise<Response> {
    const headers = new Headers(this.#parts.headers);
    for (const name of chain.droppedHeaders) headers.delete(name);
    const { href } = chain.url;
    const hop = new FetchAttempt(
      href,
      chain.method,
      new WebHeaders(headers, this.#wiring.headerPolicy),
      chain.replayable,
      chain.bodyDropped ? NO_BODY : this,
    );
    await this.#exchange.prepareHop(hop);
    const { bodyFactory, ...init } = this.#init;
    const body = chain.bodyDropped ? undefined : await this.#bodyAgain(bodyFactory);
    return this.#fetch(hop.signedUrl ?? href, {
      ...(this.#request === undefined ? undefined : traitsOf(this.#request)),
      ...init,
      ...(body === undefined ? { body: null } : { body, duplex: 'half' }),
      method: chain.method,
      headers: hop.headers.fields as HeadersInit,
      redirect: 'manual',
    });
  }

  async #bodyAgain(bodyFactory: AuthRequestInit['bodyFactory']): Promise<BodyInit | undefined> {
    if (bodyFactory !== undefined) return (await bodyFactory()) ?? undefined;
    if (this.#parts.bodyInRequest) return this.#request?.clone().arrayBuffer();
    return this.#init.body ?? undefined;
  }
}

const NOTHING = Promise.resolve(undefined);
const NO_BODY: BodyReader = { readBody: () => Promise.resolve(new Uint8Array()) };

/** A plain object costs a quarter of a copied `Headers`. `undefined` where a field stands twice. */
function fieldsOf(headers: Headers): Record<string, string> | undefined {
  const fields: Record<string, string> = {};
  for (const [name, value] of headers) {
    if (name === 'set-cookie') return undefined;
    fields[name] = value;
  }
  return fields;
}

/** What of a Request must survive where only its URL changes. */
export function traitsOf(request: Request): RequestInit {
  const { method, mode, credentials, cache, referrer, referrerPolicy, integrity, keepalive, signal } = request;
  return { method, mode, credentials, cache, referrer, referrerPolicy, integrity, keepalive, signal };
}
