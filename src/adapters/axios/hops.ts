/**
 * The redirects of one request of axios's fetch adapter, followed by hand.
 */

import { WebHeaders } from '../../lifecycle/headers.ts';
import { present } from '../web/attempt.ts';
import { bytesOf, discard } from '../web/body.ts';
import { type FetchLike, traitsOf } from '../web/parts.ts';
import { locationOf, RedirectChain } from '../web/redirect.ts';
import { isRequest } from '../web/shape.ts';
import { SignedHop } from './signed-hop.ts';
import { type FetchSigner, plainHeaders, plainUrl } from './signers.ts';

/**
 * Sends a request and follows its redirects.
 *
 * @param input - What axios gave to fetch; with `init`, the first request, signed.
 * @param signers - The outer one first.
 */
export function followByHand(
  fetch: FetchLike,
  input: RequestInfo | URL,
  init: RequestInit,
  signers: readonly FetchSigner[],
): Promise<Response> {
  return new HopsByHand(fetch, input, init, signers).follow();
}

class HopsByHand {
  readonly #fetch: FetchLike;
  readonly #input: RequestInfo | URL;
  readonly #given: RequestInit;
  /** The same as one, for the hops. */
  readonly #init: RequestInit;
  readonly #signers: readonly FetchSigner[];
  readonly #chain: RedirectChain;
  readonly #home: string;
  #atHome = true;

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
    while (locationOf(response) !== null) {
      chain.advance(response);
      await discard(response);
      response = await this.#send();
    }
    if (chain.hops > 0) for (const { attempt } of this.#signers) attempt.finalUrl = chain.url.href;
    return present(response, chain.url.href, chain.hops > 0, response.type);
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
