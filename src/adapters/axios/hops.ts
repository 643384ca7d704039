/**
 * The redirects of one request of axios's fetch adapter, followed by hand.
 */

import type { Exchange } from '../../lifecycle/exchange.ts';
import { type HeaderPolicy, WebHeaders } from '../../lifecycle/headers.ts';
import { present } from '../web/attempt.ts';
import { bytesOf, discard } from '../web/body.ts';
import { type FetchLike, traitsOf } from '../web/parts.ts';
import { RedirectChain } from '../web/redirect.ts';
import { isRequest } from '../web/shape.ts';
import type { AxiosAttempt } from './attempt.ts';
import { SignedHop } from './signed-hop.ts';

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
  readonly #input: RequestInfo | URL;
  readonly #given: RequestInit;
  /** The same as one, for the hops. */
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
    this.#input = input;
    this.#given = init;
    this.#init = { ...(isRequest(input) ? { ...traitsOf(input), headers: input.headers } : undefined), ...init };
    this.#signers = signers;
    const replayable = signers.every(({ attempt }) => attempt.replayable);
    this.#chain = new RedirectChain(plainUrl(input, signers), this.#init.method ?? 'GET', replayable);
    this.#home = this.#chain.url.origin;
  }

  /** The response that leads nowhere else, looking as if fetch itself had gone there. */
  async follow(): Promise<Response> {
    const chain = this.#chain;
    let response = await this.#fetch(this.#input, this.#given);
    while (chain.advance(response)) {
      await discard(response);
      response = await this.#send();
    }
    if (chain.hops > 0) for (const { attempt } of this.#signers) attempt.finalUrl = chain.url.href;
    return present(response, chain.url.href, chain.hops > 0);
  }

  async readBody(): Promise<Uint8Array | undefined> {
    return this.#chain.bodyDropped ? new Uint8Array() : bytesOf(await this.#signers.at(-1)?.body());
  }

  async #send(): Promise<Response> {
    const chain = this.#chain;
    this.#atHome &&= chain.url.origin === this.#home;
    const headers = plainHeaders(this.#init.headers, this.#signers, this.#atHome);
    for (const name of chain.droppedHeaders) headers.delete(name);
    const hop = { url: chain.url.href, method: chain.method, headers: Object.fromEntries(headers) };
    for (const { attempt } of this.#signers) attempt.hop = hop;
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

  /** Signs the headers; gives the URL to send to. */
  async #sign(headers: Headers): Promise<string> {
    let url = this.#chain.url.href;
    for (const { exchange, policy } of this.#signers) {
      const { method, replayable } = this.#chain;
      const hop = new SignedHop(url, method, new WebHeaders(headers, policy), replayable);
      hop.readBody = () => this.readBody();
      await exchange.prepareHop(hop);
      url = hop.signedUrl ?? url;
    }
    return url;
  }
}

/** What axios sent with the first request, without what the authenticators had added. */
export function plainHeaders(
  signed: HeadersInit | undefined,
  signers: readonly FetchSigner[],
  atHome: boolean,
): Headers {
  const headers = new Headers(signed);
  for (const { attempt } of signers.toReversed()) attempt.takeOff(attempt.headers.added, headers, atHome);
  return headers;
}

/** The URL of the first request, as the caller knows it. */
export function plainUrl(input: RequestInfo | URL, signers: readonly FetchSigner[]): string {
  const signer = signers.find(({ attempt }) => attempt.signedUrl !== undefined);
  return signer?.attempt.plainHref ?? (isRequest(input) ? input.url : String(input));
}
