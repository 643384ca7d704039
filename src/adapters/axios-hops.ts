/**
 * The redirects of one request of axios's fetch adapter, followed by hand.
 */

import type { Exchange } from '../lifecycle/exchange.ts';
import { type HeaderPolicy, WebHeaders } from '../lifecycle/headers.ts';
import type { AxiosAttempt } from './axios-attempt.ts';
import { FetchAttempt, present } from './web-attempt.ts';
import { type FetchLike, traitsOf } from './web-call.ts';
import { RedirectChain } from './web-redirect.ts';

/** One authenticator's part in a request. */
export interface FetchSigner {
  readonly attempt: AxiosAttempt;
  readonly exchange: Exchange;
  readonly policy: HeaderPolicy;
  /** Must redirects be followed by hand? */
  readonly byHand: boolean;
  /** The body once more, for a hop that keeps it. */
  readonly body: () => unknown;
}

export class HopsByHand {
  readonly #fetch: FetchLike;
  readonly #init: RequestInit;
  readonly #signers: readonly FetchSigner[];
  readonly #chain: RedirectChain;
  readonly #home: string;
  #atHome = true;

  /**
   * @param input - What axios gave to fetch; with `init`, the first request, signed.
   * @param signers - The outer one first.
   */
  constructor(fetch: FetchLike, input: RequestInfo | URL, init: RequestInit, signers: readonly FetchSigner[]) {
    this.#fetch = fetch;
    this.#init = { ...(isRequest(input) ? { ...traitsOf(input), headers: input.headers } : undefined), ...init };
    this.#signers = signers;
    const rewritten = signers.find(({ attempt }) => attempt.signedUrl !== undefined)?.attempt.plainHref;
    const replayable = signers.every(({ attempt }) => attempt.replayable);
    const url = rewritten ?? (isRequest(input) ? input.url : String(input));
    this.#chain = new RedirectChain(url, this.#init.method ?? 'GET', replayable);
    this.#home = this.#chain.url.origin;
  }

  /** The response that leads nowhere else, looking as if fetch itself had gone there. */
  async follow(first: Promise<Response>): Promise<Response> {
    const chain = this.#chain;
    const response = await chain.follow(await first, () => this.#send());
    if (chain.hops > 0) for (const { attempt } of this.#signers) attempt.finalUrl = chain.url.href;
    return present(response, chain.url.href, chain.hops > 0);
  }

  async #send(): Promise<Response> {
    const chain = this.#chain;
    this.#atHome &&= chain.url.origin === this.#home;
    const headers = this.#plainHeaders();
    const url = await this.#sign(headers);
    const body = chain.bodyDropped ? undefined : await this.#signers.at(-1)?.body();
    return this.#fetch(url, {
      ...this.#init,
      ...(body === undefined || body === null ? { body: null } : { body: body as BodyInit, duplex: 'half' }),
      method: chain.method,
      headers,
      redirect: 'manual',
    });
  }

  /** What axios sent with the first request, without what the authenticators had added. */
  #plainHeaders(): Headers {
    const headers = new Headers(this.#init.headers);
    for (const { attempt } of this.#signers.toReversed()) attempt.takeOff(attempt.headers.added, headers, this.#atHome);
    for (const name of this.#chain.droppedHeaders) headers.delete(name);
    return headers;
  }

  /** Signs the headers; gives the URL to send to. */
  async #sign(headers: Headers): Promise<string> {
    let url = this.#chain.url.href;
    for (const { exchange, policy } of this.#signers) {
      const hop = new FetchAttempt(url, this.#chain.method, new WebHeaders(headers, policy), this.#chain.replayable);
      await exchange.prepareHop(hop);
      url = hop.signedUrl ?? url;
    }
    return url;
  }
}

/** Also the Request of another realm or of the undici package. */
function isRequest(input: RequestInfo | URL): input is Request {
  return typeof input === 'object' && 'clone' in input;
}
