/**
 * One call to an authenticated fetch: what the caller gave, read once, sent as often as the exchange wants.
 */

import type { AuthCallOptions } from '../../lifecycle/call-options.ts';
import type { AuthResponse } from '../../lifecycle/contract.ts';
import { Exchange } from '../../lifecycle/exchange.ts';
import type { Wire } from '../../lifecycle/loop.ts';
import { notify } from '../../lifecycle/promises.ts';
import type { Wiring } from '../../lifecycle/wiring.ts';
import type { BodyInit, HeadersInit } from '../../web-types.ts';
import { FetchAttempt, present } from './attempt.ts';
import { abandon, blobOrStream, discard, frozen, peekText } from './body.ts';
import {
  type CallContext,
  classOf,
  type FetchLike,
  isSafe,
  normalizedMethod,
  readHeaders,
  rebuilt,
  type WireInit,
} from './parts.ts';
import { isPlatform, unfollowable } from './platform.ts';
import { locationOf } from './redirect.ts';

/** The call, and its attempt that is under way. */
export class FetchCall extends FetchAttempt implements Wire<FetchCall, Response> {
  declare readonly exchange: Exchange;
  declare protected readonly fetch: FetchLike;
  /** Ours, plain, and stronger than the Request. */
  declare protected readonly init: WireInit;
  /** Redirects are not the platform's to follow: it takes every credential along but `Authorization` and `Cookie`. */
  protected byHand = false;
  readonly #signsHops: boolean;
  #given: Request | undefined;
  /** The body is the Request's own. */
  #bodyInRequest: boolean;
  /** That body, where it is known: it is sent again without a clone. */
  readonly #kept: BodyInit | undefined;
  /** The Request whose body the next attempt sends; a clone of it is kept for the attempt after. */
  #source: Request | undefined;
  /** What is on the wire, held until the call is over. */
  declare protected sent?: Request | string;
  #sends = 0;
  readonly #start: string;

  /**
   * @param url - Absolute.
   * @param init - Ours to keep.
   * @throws What makes the call impossible before it begins, such as a signal that has aborted.
   */
  constructor(
    url: string,
    request: Request | undefined,
    init: WireInit,
    options: AuthCallOptions | undefined,
    wiring: Wiring,
    fetch: FetchLike,
    { home, kept, oneShot }: CallContext,
  ) {
    const method = init.method === undefined ? (request?.method ?? 'GET') : normalizedMethod(String(init.method), url);
    super(url, method, readHeaders(init.headers ?? request?.headers, wiring.headerPolicy), true);
    const { bodyFactory, body } = init;
    const isGiven = bodyFactory !== undefined || (body !== undefined && body !== null);
    // Firefox shows no body: there may be one wherever the method has any.
    this.#bodyInRequest = !isGiven && request !== undefined && request.body !== null && !isSafe(method);
    if (this.#bodyInRequest) {
      this.replayable = !oneShot;
      if (request?.bodyUsed || request?.body?.locked) throw new TypeError('Body is unusable');
    } else if (isGiven && !bodyFactory) {
      const copy = frozen(body);
      if (copy === undefined) this.replayable = false;
      else init.body = copy;
    }
    const signal = (init.signal === undefined ? request?.signal : init.signal) ?? undefined;
    if (signal && signal.aborted !== false) throw signal.reason ?? new TypeError('signal is no AbortSignal');
    this.exchange = new Exchange(wiring, signal, home, options);
    this.#signsHops = wiring.signsHops;
    this.fetch = fetch;
    this.#start = url;
    this.init = init;
    this.#given = this.#source = request;
    this.#kept = kept;
  }

  /** Begins an attempt at the URL where the call stands. */
  request(): this {
    if (this.#sends > 0) {
      this.headers.restore();
      this.startAt(this.plainUrl);
    }
    return this;
  }

  /** The bytes that will be sent; `undefined` where they can only be sent. */
  async readBody(): Promise<Uint8Array | undefined> {
    const { init } = this;
    if (!this.replayable || init.bodyFactory) return undefined;
    const body = this.#bodyInRequest ? (this.#kept ?? this.#source?.clone().body) : init.body;
    return new Uint8Array(await new Response(body).arrayBuffer());
  }

  send(): Promise<Response> {
    this.byHand ||= this.exchange.signed && (this.option('redirect') ?? 'follow') === 'follow' && this.needsHand();
    return this.dispatch();
  }

  protected needsHand(): boolean {
    return this.#signsHops || this.signedUnusually || !isPlatform(this.fetch);
  }

  /** Nearly every answer is the last one, and costs no promise. */
  follow(response: Response): Response | Promise<Response> {
    if (this.byHand && leadsOn(response)) return this.followOn(response);
    return this.signedUrl === undefined ? response : present(response, this.plainUrl, false, response.type);
  }

  /** Where it is not known how to follow by hand, a redirect is an error. */
  protected followOn(response: Response): Response | Promise<Response> {
    abandon(response.body);
    throw unfollowable();
  }

  response(response: Response): AuthResponse {
    const { status, headers, redirected } = response;
    // The platform has followed redirects: of an upload nobody knows what the last hop was.
    const isElsewhere = redirected && !this.byHand;
    if (isElsewhere && !isSafe(this.method)) this.replayable = false;
    const url = isElsewhere ? response.url : undefined;
    return { status, headers, request: this, url, readText: () => peekText(response) };
  }

  discard(response: Response): undefined | Promise<unknown> {
    return discard(response);
  }

  deliver(response: Response): Response | Promise<Response> {
    return response;
  }

  /** Frees what was kept, and what was never sent, when the call is over. Most calls leave nothing to clean up. */
  finish(response: Promise<Response>): Promise<Response> {
    const given = this.#given;
    if (this.#bodyInRequest && given) {
      // As fetch does before it returns, even while the credential is still to come. Where the call was sent at once, that
      // has used up the caller's Request, and spares the copy that costs more than all the rest.
      if (this.#sends === 0)
        notify(() => {
          this.#source = new (classOf(given))(given);
        });
    } else if (this.replayable) return response;
    return response.finally(() => {
      if (this.#sends === 0) abandon(this.init.body);
      if (this.#sends === 0 || this.#source !== given) abandon(this.#source?.body);
    });
  }

  protected option<Name extends 'redirect' | 'integrity' | 'referrer' | 'referrerPolicy'>(name: Name) {
    return this.init[name] ?? this.#given?.[name];
  }

  /** A redirect has changed the method: the body stays behind. */
  protected dropBody(): void {
    this.init.body = null;
    this.init.bodyFactory = undefined;
    this.#bodyInRequest = false;
    if (this.#given) this.#given = rebuilt(this.#given, this.plainUrl);
    this.replayable = true;
  }

  protected dispatch(more?: WireInit): Promise<Response> {
    const init: WireInit = { ...this.init, headers: this.headers.fields as HeadersInit, ...more };
    if (this.byHand) init.redirect = 'manual';
    const { bodyFactory } = init;
    if (bodyFactory === undefined) return this.#transmit(init);
    init.bodyFactory = undefined;
    return Promise.resolve(bodyFactory()).then((body) => this.#transmit({ ...init, body, duplex: 'half' }));
  }

  #transmit(init: WireInit): Promise<Response> {
    const given = this.#given;
    const url = this.signedUrl ?? this.plainUrl;
    if (given === undefined) return this.#fetchNow(url, init);
    // Not `given.url`, which is put together again each time.
    const isElsewhere = url !== this.#start;
    const kept = this.#bodyInRequest && (isElsewhere || this.#sends > 0) ? this.#kept : undefined;
    if (!this.#bodyInRequest || kept)
      return this.#fetchNow(isElsewhere || kept ? rebuilt(given, url, kept) : given, init);
    const source = this.#source as Request;
    if (this.replayable && !this.#kept) this.#source = source.clone();
    if (!isElsewhere) return this.#fetchNow(source, init);
    return blobOrStream(source).then((body) => this.#fetchNow(rebuilt(given, url, body), init));
  }

  #fetchNow(input: Request | string, init: WireInit): Promise<Response> {
    // Not a method: a platform's fetch refuses to be one.
    const { fetch } = this;
    this.#sends += 1;
    // Node listens to a Request's signal by weak references: once the Request is collected, an abort ends nothing.
    this.sent = input;
    return fetch(input, init);
  }
}

/** A redirect, shown or hidden, or a response from behind one. */
function leadsOn(response: Response): boolean {
  if (response.status === 0) return response.type === 'opaqueredirect';
  return response.redirected || locationOf(response) !== null;
}
