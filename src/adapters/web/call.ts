/**
 * One call to an authenticated fetch: what the caller gave, read once, sent as often as the exchange wants. A resend repeats
 * the hop that was refused, and no hop before it.
 */

import type { AuthCallOptions } from '../../lifecycle/call-options.ts';
import type { AuthResponse } from '../../lifecycle/contract.ts';
import { Exchange } from '../../lifecycle/exchange.ts';
import type { SignedHeaders } from '../../lifecycle/headers.ts';
import type { Wire } from '../../lifecycle/loop.ts';
import { notify } from '../../lifecycle/promises.ts';
import type { Wiring } from '../../lifecycle/wiring.ts';
import type { BodyInit, HeadersInit } from '../../web-types.ts';
import { FetchAttempt, present } from './attempt.ts';
import { abandon, blobOrStream, discard, frozen, peekText } from './body.ts';
import { verified } from './integrity.ts';
import {
  type CallContext,
  classOf,
  type FetchLike,
  normalizedMethod,
  readHeaders,
  rebuilt,
  type WireHeaders,
  type WireInit,
} from './parts.ts';
import { followsAsTold, isPlatform, seesRedirects } from './platform.ts';
import { locationOf, RedirectChain } from './redirect.ts';

/** The call, and its attempt that is under way. */
export class FetchCall extends FetchAttempt implements Wire<FetchCall, Response> {
  declare readonly headers: SignedHeaders & WireHeaders;
  readonly exchange: Exchange;
  readonly #signsHops: boolean;
  readonly #fetch: FetchLike;
  /** Ours, plain, and stronger than the Request. */
  readonly #init: WireInit;
  readonly #given: Request | undefined;
  readonly #integrity: string | undefined;
  /** The body is the Request's own. */
  #bodyInRequest: boolean;
  /** That body, where it is known: it is sent again without a clone. */
  #kept: BodyInit | undefined;
  /** The Request whose body the next attempt sends; a clone of it is kept for the attempt after. */
  #source: Request | undefined;
  #chain: RedirectChain | undefined;
  #byHand = false;
  #sends = 0;

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
    const method = init.method === undefined ? (request?.method ?? 'GET') : normalizedMethod(String(init.method));
    super(url, method, readHeaders(init.headers ?? request?.headers, wiring.headerPolicy), true);
    const { bodyFactory, body } = init;
    // Firefox shows no body: there may be one wherever the method has any.
    const isGiven = bodyFactory !== undefined || (body !== undefined && body !== null);
    this.#bodyInRequest = !isGiven && request !== undefined && request.body !== null && !/^(?:GET|HEAD)$/.test(method);
    if (this.#bodyInRequest) this.replayable = !oneShot;
    else if (isGiven && !bodyFactory) {
      const copy = frozen(body);
      if (copy === undefined) this.replayable = false;
      else init.body = copy;
    }
    if (this.#bodyInRequest && (request?.bodyUsed || request?.body?.locked)) throw new TypeError('Body is unusable');
    const signal = (init.signal === undefined ? request?.signal : init.signal) ?? undefined;
    if (signal && signal.aborted !== false) throw signal.reason ?? new TypeError("'signal' must be an AbortSignal");
    this.exchange = new Exchange(wiring, signal, home, options);
    this.#signsHops = wiring.signsHops;
    this.#fetch = fetch;
    this.#init = init;
    this.#given = this.#source = request;
    this.#integrity = init.integrity ?? request?.integrity;
    this.#kept = kept;
  }

  /** Begins an attempt at the hop where the call stands. */
  request(): this {
    if (this.#sends === 0) return this;
    this.headers.restore();
    const chain = this.#chain;
    this.redirect(chain?.url.href ?? this.plainUrl);
    for (const name of chain?.droppedHeaders ?? []) this.headers.drop(name);
    return this;
  }

  /** The bytes that will be sent; `undefined` where they can only be sent. */
  async readBody(): Promise<Uint8Array | undefined> {
    const init = this.#init;
    if (!this.replayable || init.bodyFactory) return undefined;
    const body = this.#bodyInRequest ? (this.#kept ?? this.#source?.clone().body) : init.body;
    return new Uint8Array(await new Response(body).arrayBuffer());
  }

  /**
   * The platform's own fetch strips `Authorization` and `Cookie`, and no other credential, when a redirect leaves the origin.
   * Where it shows redirects they are ours in any case: only so is nothing sent again that has had its effect.
   */
  send(): Promise<Response> {
    this.#byHand ||=
      this.exchange.signed &&
      (this.#init.redirect ?? this.#given?.redirect ?? 'follow') === 'follow' &&
      (seesRedirects || this.#signsHops || this.signedUnusually || !isPlatform(this.#fetch));
    return this.#dispatch();
  }

  /** Nearly every answer is the last one, and costs no promise. */
  follow(response: Response): Response | Promise<Response> {
    // A redirect that the platform hides has the status 0.
    const leadsOn = response.status === 0 || response.redirected || locationOf(response) !== null;
    if (this.#byHand && (this.#chain || leadsOn)) return this.#followOn(response);
    return this.signedUrl === undefined ? response : present(response, this.plainUrl, false);
  }

  async #followOn(first: Response): Promise<Response> {
    let response = first;
    try {
      followsAsTold(this.#fetch, response);
      while (this.#advance(response)) {
        await discard(response);
        await this.exchange.prepareHop(this.request());
        response = await this.#dispatch();
        followsAsTold(this.#fetch, response);
      }
    } catch (error) {
      abandon(response.body);
      throw error;
    }
    return present(response, this.plainUrl, true, this.#chain?.hasLeft ? 'cors' : response.type);
  }

  /** From here on, the call is the hop: no resend goes back behind it. */
  #advance(response: Response): boolean {
    const init = this.#init;
    if (this.#chain === undefined) {
      this.#chain = new RedirectChain(this.plainUrl, this.method, this.replayable);
      this.#chain.referrer = init.referrer ?? this.#given?.referrer;
      this.#chain.referrerPolicy = init.referrerPolicy ?? this.#given?.referrerPolicy;
    }
    if (!this.#chain.advance(response)) return false;
    const { method, referrer, referrerPolicy, bodyDropped } = this.#chain;
    this.method = method;
    Object.assign(init, { method, referrer, referrerPolicy });
    if (bodyDropped) {
      init.body = null;
      init.bodyFactory = undefined;
      this.#bodyInRequest = false;
      this.replayable = true;
    }
    return true;
  }

  response(response: Response): AuthResponse {
    const { status, headers, redirected } = response;
    // The platform has followed redirects: of an upload nobody knows what the last hop was.
    const isElsewhere = redirected && this.#chain === undefined;
    if (isElsewhere && !/^(?:GET|HEAD)$/.test(this.method)) this.replayable = false;
    const url = isElsewhere ? response.url : undefined;
    return { status, headers, request: this, url, readText: () => peekText(response) };
  }

  discard(response: Response): undefined | Promise<unknown> {
    return discard(response);
  }

  deliver(response: Response): Response | Promise<Response> {
    return this.#byHand && this.#integrity ? verified(response, this.#integrity) : response;
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
      if (this.#sends === 0) abandon(this.#init.body);
      if (this.#sends === 0 || this.#source !== given) abandon(this.#source?.body);
    });
  }

  #dispatch(): Promise<Response> {
    const init: WireInit = { ...this.#init, headers: this.headers.fields as HeadersInit };
    if (this.#byHand) {
      followsAsTold(this.#fetch);
      init.redirect = 'manual';
      // That of a redirect is not what was asked for: the answer is checked in the end.
      if (this.#integrity) init.integrity = '';
    }
    const { bodyFactory } = init;
    if (bodyFactory === undefined) return this.#transmit(init);
    init.bodyFactory = undefined;
    return Promise.resolve(bodyFactory()).then((body) => this.#transmit({ ...init, body, duplex: 'half' }));
  }

  #transmit(init: WireInit): Promise<Response> {
    const { signedUrl, plainUrl } = this;
    const given = this.#given;
    const url = signedUrl ?? plainUrl;
    if (given === undefined) return this.#fetchNow(url, init);
    const isElsewhere = signedUrl !== undefined || this.#chain !== undefined;
    if (!this.#bodyInRequest) return this.#fetchNow(isElsewhere ? rebuilt(given, url) : given, init);
    if (isElsewhere) return this.#sendElsewhere(given, url, init);
    return this.#fetchNow(
      this.#sends > 0 && this.#kept ? rebuilt(given, undefined, this.#kept) : this.#takeSource(),
      init,
    );
  }

  async #sendElsewhere(given: Request, url: string, init: WireInit): Promise<Response> {
    let body = this.#kept;
    if (body === undefined) {
      const source = this.#takeSource();
      // A clone holds all that was sent before. Firefox shows no stream.
      body = await (this.#sends > 0 || !source.body ? source.blob() : blobOrStream(source.body));
    }
    return this.#fetchNow(rebuilt(given, url, body), init);
  }

  #fetchNow(input: Request | string, init: WireInit): Promise<Response> {
    // Not a method: a platform's fetch refuses to be one.
    const fetch = this.#fetch;
    this.#sends += 1;
    return fetch(input, init);
  }

  #takeSource(): Request {
    const source = this.#source as Request;
    if (this.replayable && this.#kept === undefined) this.#source = source.clone();
    return source;
  }
}
