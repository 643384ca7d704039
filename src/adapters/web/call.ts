/**
 * One call to an authenticated fetch: what the caller gave, read once, sent as often as the exchange wants. A resend repeats
 * the hop that was refused, and no hop before it.
 */

import type { AuthCallOptions } from '../../lifecycle/call-options.ts';
import type { AuthResponse } from '../../lifecycle/contract.ts';
import { Exchange } from '../../lifecycle/exchange.ts';
import type { SignedHeaders } from '../../lifecycle/headers.ts';
import type { Wire } from '../../lifecycle/loop.ts';
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
  readonly #bodyInRequest: boolean;
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
    this.redirect(chain === undefined ? this.plainUrl : chain.url.href);
    if (chain === undefined) return this;
    for (const name of chain.droppedHeaders) this.headers.drop(name);
    this.method = chain.method;
    this.replayable ||= chain.bodyDropped;
    return this;
  }

  /** The bytes that will be sent; `undefined` where they can only be sent. */
  async readBody(): Promise<Uint8Array | undefined> {
    if (this.#chain?.bodyDropped) return new Uint8Array();
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
    const leadsOn = response.type === 'opaqueredirect' || response.redirected || locationOf(response) !== null;
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

  #advance(response: Response): boolean {
    if (this.#chain === undefined) {
      this.#chain = new RedirectChain(this.plainUrl, this.method, this.replayable);
      this.#chain.referrer = this.#init.referrer ?? this.#given?.referrer;
      this.#chain.referrerPolicy = this.#init.referrerPolicy ?? this.#given?.referrerPolicy;
    }
    return this.#chain.advance(response);
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

  /** What the caller gets. Most calls leave nothing to clean up. */
  finish(response: Promise<Response>): Promise<Response> {
    if (!this.#bodyInRequest && this.replayable && !this.#integrity) return response;
    return response.then(
      (answer) => {
        this.#release();
        return this.#byHand && this.#integrity ? verified(answer, this.#integrity) : answer;
      },
      (error) => {
        this.#release();
        if (this.#sends === 0) {
          abandon(this.#init.body, error);
          abandon(this.#given?.body, error);
        }
        throw error;
      },
    );
  }

  /**
   * Uses up the caller's Request, as fetch does before it returns, even while the credential is still to come. Where the
   * call was sent at once, sending has done so, and spares the copy that costs more than all the rest.
   */
  takeBody(): void {
    if (!this.#bodyInRequest || this.#sends > 0 || this.#given === undefined) return;
    try {
      this.#source = new (classOf(this.#given))(this.#given);
    } catch {}
  }

  /** Frees the clone that nobody has asked for. */
  #release(): void {
    if (this.#source !== this.#given) abandon(this.#source?.body);
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
    const chain = this.#chain;
    if (chain !== undefined) {
      init.method = chain.method;
      if (chain.referrer !== undefined) init.referrer = chain.referrer;
      if (chain.referrerPolicy !== undefined) init.referrerPolicy = chain.referrerPolicy;
    }
    if (bodyFactory) init.bodyFactory = undefined;
    if (chain?.bodyDropped) init.body = null;
    else if (bodyFactory) return this.#makeBody(bodyFactory, init);
    return this.#transmit(init);
  }

  async #makeBody(bodyFactory: () => unknown, init: WireInit): Promise<Response> {
    init.body = (await bodyFactory()) as BodyInit | null;
    init.duplex = 'half';
    return this.#transmit(init);
  }

  #transmit(init: WireInit): Promise<Response> {
    const { signedUrl, plainUrl } = this;
    const given = this.#given;
    const url = signedUrl ?? plainUrl;
    if (given === undefined) return this.#fetchNow(url, init);
    const isElsewhere = signedUrl !== undefined || this.#chain !== undefined;
    if (!this.#bodyInRequest || this.#chain?.bodyDropped) {
      return this.#fetchNow(isElsewhere ? rebuilt(given, url, null) : given, init);
    }
    return this.#sends === 0 && !isElsewhere
      ? this.#fetchNow(this.#takeSource(), init)
      : this.#sendElsewhere(given, url, init);
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
    this.#sends += 1;
    const sent: Response | Promise<Response> = this.#fetch(input, init);
    return sent instanceof Promise ? sent : Promise.resolve(sent);
  }

  #takeSource(): Request {
    const source = this.#source as Request;
    if (this.replayable && this.#kept === undefined) this.#source = source.clone();
    return source;
  }
}
