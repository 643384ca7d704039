/**
 * One call to an authenticated fetch: what the caller gave, read once, sent as often as the exchange wants. A resend repeats
 * the hop that was refused, and no hop before it.
 */

import type { Exchange } from '../../lifecycle/exchange.ts';
import { ObjectHeaders, type SignedHeaders, WebHeaders } from '../../lifecycle/headers.ts';
import type { Wire } from '../../lifecycle/loop.ts';
import type { Wiring } from '../../lifecycle/wiring.ts';
import type { BodyInit, HeadersInit, RequestInfo } from '../../web-types.ts';
import { type BodyReader, FetchAnswer, FetchAttempt, present } from './attempt.ts';
import { abandon, blobOrStream, bytesOf, discard } from './body.ts';
import { verified } from './integrity.ts';
import { type CallParts, classOf, type WireInit } from './parts.ts';
import { followsAsTold, isPlatform, seesRedirects } from './platform.ts';
import { RedirectChain } from './redirect.ts';

/** The function that a wrapped fetch sends with. */
export type FetchLike = (input: RequestInfo | URL, init?: RequestInit) => Promise<Response>;

/**
 * The fetch of any implementation. Each has types of its own for requests, `init` and responses, and none fits another's.
 */
// biome-ignore lint/suspicious/noExplicitAny: no type is a supertype of all these parameters, and callbacks need one.
export type AnyFetch = (input: any, init?: any) => Promise<{ readonly status: number; readonly headers: object }>;

export class FetchCall implements Wire<FetchAttempt, Response>, BodyReader {
  readonly #parts: CallParts;
  readonly #wiring: Wiring;
  readonly #exchange: Exchange;
  readonly #fetch: FetchLike;
  /** The body of the Request, where somebody knows it: it is sent again without a clone. */
  readonly #kept: BodyInit | undefined;
  readonly #integrity: string | undefined;
  readonly #headers: SignedHeaders & { readonly fields: HeadersInit };
  /** The Request whose body the next attempt sends; a clone of it is kept for the attempt after. */
  #request: Request | undefined;
  #attempt: FetchAttempt | undefined;
  #chain: RedirectChain | undefined;
  #byHand = false;
  #sends = 0;

  constructor(parts: CallParts, wiring: Wiring, exchange: Exchange, fetch: FetchLike, kept?: BodyInit) {
    const { headers, request } = parts;
    this.#parts = parts;
    this.#wiring = wiring;
    this.#exchange = exchange;
    this.#fetch = fetch;
    this.#kept = kept;
    this.#integrity = parts.init.integrity ?? request?.integrity;
    this.#request = request;
    this.#headers =
      headers instanceof Headers
        ? new WebHeaders(headers, wiring.headerPolicy, true)
        : (new ObjectHeaders(headers, wiring.headerPolicy, true) as ObjectHeaders & {
            readonly fields: Record<string, string>;
          });
  }

  /** An attempt at the hop where the call stands. */
  request(): FetchAttempt {
    if (this.#attempt !== undefined) this.#headers.restore();
    this.#attempt = this.#chain === undefined ? this.#firstHop() : this.#hop(this.#chain);
    return this.#attempt;
  }

  #firstHop(): FetchAttempt {
    const { url, origin, method, replayable } = this.#parts;
    return new FetchAttempt(url, method, this.#headers, replayable, this, origin);
  }

  #hop({ url, method, bodyDropped, droppedHeaders, replayable }: RedirectChain): FetchAttempt {
    for (const name of droppedHeaders) this.#headers.drop(name);
    return new FetchAttempt(url.href, method, this.#headers, replayable || bodyDropped, bodyDropped ? NO_BODY : this);
  }

  readBody(): Promise<Uint8Array | undefined> {
    const { bodyInRequest, replayable, init } = this.#parts;
    if (!bodyInRequest) return init.bodyFactory === undefined ? bytesOf(init.body) : NOTHING;
    if (this.#kept !== undefined) return bytesOf(this.#kept);
    if (!replayable || this.#request === undefined) return NOTHING;
    const copy = this.#request.clone().arrayBuffer();
    return copy.then((buffer) => new Uint8Array(buffer));
  }

  send(attempt: FetchAttempt): Promise<Response> {
    this.#byHand ||= this.#mustFollowByHand(attempt);
    return this.#dispatch(attempt);
  }

  /** Nearly every answer is the last one, and costs no promise. */
  follow(response: Response): Response | Promise<Response> {
    const { signedUrl, plainUrl } = this.#attempt as FetchAttempt;
    if (this.#byHand && (this.#chain !== undefined || mayLeadOn(response))) return this.#followOn(response);
    return signedUrl === undefined ? response : present(response, plainUrl, false);
  }

  response(response: Response): FetchAnswer {
    const attempt = this.#attempt as FetchAttempt;
    // The platform has followed redirects: of an upload nobody knows what the last hop was.
    if (this.#chain === undefined && response.redirected && !/^(?:GET|HEAD)$/.test(attempt.method)) {
      attempt.replayable = false;
    }
    return new FetchAnswer(response, attempt, this.#chain !== undefined);
  }

  discard(response: Response): void | Promise<void> {
    return discard(response);
  }

  /** Is there anything to be done when the call has come to its end? For most calls there isn't. */
  get hasEnd(): boolean {
    const { bodyInRequest, replayable } = this.#parts;
    return bodyInRequest || !replayable || Boolean(this.#integrity);
  }

  /** The answer that stands, as the caller gets it. */
  finish(response: Response): Response | Promise<Response> {
    this.#release();
    return this.#byHand && this.#integrity ? verified(response, this.#integrity) : response;
  }

  /** The call has failed: lets go of what was kept, and of what was never sent. */
  fail(error: unknown): void {
    this.#release();
    if (this.#sends > 0) return;
    abandon(this.#parts.init.body, error);
    abandon(this.#request?.body, error);
  }

  /**
   * Uses up the caller's Request, as fetch does before it returns, even while the credential is still to come. Where the
   * call was sent at once, sending has done so, and spares the copy that costs more than all the rest.
   */
  takeBody(): void {
    const { request, bodyInRequest } = this.#parts;
    if (!bodyInRequest || this.#sends > 0 || request === undefined || this.#request !== request) return;
    try {
      this.#request = new (classOf(request))(request);
    } catch {}
  }

  #release(): void {
    if (this.#parts.bodyInRequest && this.#request !== this.#parts.request) abandon(this.#request?.body);
  }

  /**
   * The platform's own fetch strips `Authorization` and `Cookie`, and no other credential, when a redirect leaves the origin.
   * Where it shows redirects they are ours in any case: only so is nothing sent again that has had its effect.
   */
  #mustFollowByHand(attempt: FetchAttempt): boolean {
    const { init, request } = this.#parts;
    if (!this.#exchange.signed || (init.redirect ?? request?.redirect ?? 'follow') !== 'follow') return false;
    return seesRedirects || this.#wiring.signsHops || attempt.signedUnusually || !isPlatform(this.#fetch);
  }

  async #followOn(first: Response): Promise<Response> {
    let response = first;
    try {
      followsAsTold(this.#fetch, response);
      while (this.#advance(response)) {
        await discard(response);
        const hop = this.request();
        await this.#exchange.prepareHop(hop);
        response = await this.#dispatch(hop);
        followsAsTold(this.#fetch, response);
      }
    } catch (error) {
      abandon(response.body);
      throw error;
    }
    const { plainUrl, signedUrl } = this.#attempt as FetchAttempt;
    if (this.#chain === undefined) return signedUrl === undefined ? response : present(response, plainUrl, false);
    return present(response, plainUrl, true, this.#chain.hasLeft ? 'cors' : response.type);
  }

  #advance(response: Response): boolean {
    if (!RedirectChain.leadsOn(response)) return false;
    const { url, method, replayable, init, request } = this.#parts;
    if (this.#chain === undefined) {
      this.#chain = new RedirectChain(url, method, replayable);
      this.#chain.referrer = init.referrer ?? request?.referrer;
      this.#chain.referrerPolicy = init.referrerPolicy ?? request?.referrerPolicy;
    }
    return this.#chain.advance(response);
  }

  #dispatch(attempt: FetchAttempt): Promise<Response> {
    // Ours, and nobody else's until it has been sent.
    const init = this.#sends === 0 ? this.#parts.init : { ...this.#parts.init };
    init.headers = this.#headers.fields;
    if (this.#byHand) {
      followsAsTold(this.#fetch);
      init.redirect = 'manual';
      // That of a redirect is not what was asked for: the answer is checked in the end.
      if (this.#integrity) init.integrity = '';
    }
    const chain = this.#chain;
    if (chain !== undefined) {
      init.method = chain.method;
      if (chain.referrer !== undefined) init.referrer = chain.referrer;
      if (chain.referrerPolicy !== undefined) init.referrerPolicy = chain.referrerPolicy;
      if (chain.bodyDropped) return this.#transmit(attempt, { ...init, body: null, bodyFactory: undefined });
    }
    const { bodyFactory } = init;
    if (bodyFactory === undefined) return this.#transmit(attempt, init);
    const made = Promise.resolve(bodyFactory());
    return made.then((body) => this.#transmit(attempt, { ...init, body, duplex: 'half', bodyFactory: undefined }));
  }

  #transmit(attempt: FetchAttempt, init: WireInit): Promise<Response> {
    const { signedUrl, plainUrl } = attempt;
    const given = this.#parts.request;
    if (given === undefined) return this.#fetchNow(signedUrl ?? plainUrl, init);
    const isElsewhere = signedUrl !== undefined || this.#chain !== undefined;
    if (!isElsewhere && this.#sends === 0) return this.#fetchNow(this.#nextRequest(), init);
    const url = signedUrl ?? plainUrl;
    const hasBody = this.#parts.bodyInRequest && this.#chain?.bodyDropped !== true;
    if (!hasBody) return this.#fetchNow(isElsewhere ? rebuilt(given, url) : given, init);
    if (this.#kept !== undefined && this.#sends > 0) return this.#fetchNow(rebuilt(given, url, this.#kept), init);
    const source = this.#nextRequest();
    if (!isElsewhere) return this.#fetchNow(source, init);
    // A clone holds all that was sent before. Firefox shows no stream.
    const body = this.#sends > 0 || !source.body ? source.blob() : blobOrStream(source.body);
    return body.then((known) => this.#fetchNow(rebuilt(given, url, known), init));
  }

  #fetchNow(input: Request | string, init: WireInit): Promise<Response> {
    this.#sends += 1;
    const sent: Response | Promise<Response> = this.#fetch(input, init);
    return sent instanceof Promise ? sent : Promise.resolve(sent);
  }

  #nextRequest(): Request {
    const { bodyInRequest, replayable } = this.#parts;
    const request = this.#request as Request;
    if (bodyInRequest && replayable && this.#kept === undefined) this.#request = request.clone();
    return request;
  }
}

function mayLeadOn(response: Response): boolean {
  return response.type === 'opaqueredirect' || response.redirected === true || RedirectChain.leadsOn(response);
}

const NOTHING = Promise.resolve(undefined);
const NO_BODY: BodyReader = { readBody: () => Promise.resolve(new Uint8Array()) };

/** The Request with another URL. Its headers come with `init`. */
function rebuilt(request: Request, url: string, body?: BodyInit): Request {
  const traits: RequestInit & { duplex?: 'half'; dispatcher?: unknown } = traitsOf(request);
  if (body !== undefined) Object.assign(traits, { body, duplex: 'half' });
  // Before Node 24, undici keeps the one that a Request was made with under a symbol.
  const key = Object.getOwnPropertySymbols(request).find(({ description }) => description === 'dispatcher');
  if (key !== undefined) traits.dispatcher = (request as never)[key];
  return new (classOf(request))(url, traits);
}

/** What of a Request must survive where its URL changes. */
export function traitsOf(request: Request): RequestInit {
  const { method, mode, credentials, cache, referrer, referrerPolicy, integrity, keepalive, signal } = request;
  return { method, mode, credentials, cache, referrer, referrerPolicy, integrity, keepalive, signal };
}
