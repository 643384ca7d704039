/**
 * Authenticators for the contract suite: one per place where a credential can stand, all on the real token cache.
 */

import type { AuthRequest } from '../../src/lifecycle/contract.ts';
import type { Token } from '../../src/tokens/token.ts';
import { TokenAuthenticator, type TokenAuthenticatorOptions } from '../../src/tokens/token-authenticator.ts';
import type { TokenIssuer } from './token-issuer.ts';

/** Where a credential stands in a request. */
export type Placement = 'authorization' | 'header' | 'query' | 'cookie';

export const placements: readonly Placement[] = ['authorization', 'header', 'query', 'cookie'];

const headers: Readonly<Record<Placement, TokenAuthenticatorOptions>> = {
  authorization: {},
  header: { header: 'x-api-key', format: '{}' },
  cookie: { header: 'cookie', format: 'session={}' },
  query: {},
};

/** Puts an issuer's token in the given place. */
export class TestAuth extends TokenAuthenticator {
  readonly #placement: Placement;

  constructor(issuer: TokenIssuer, placement: Placement = 'authorization', options: TokenAuthenticatorOptions = {}) {
    super(issuer, { ...options, ...headers[placement] });
    this.#placement = placement;
  }

  override modifyRequest(request: AuthRequest, token: Token): void | Promise<void> {
    if (this.#placement !== 'query') return super.modifyRequest(request, token);
    const url = new URL(request.url);
    url.searchParams.set('api_key', token.accessToken);
    request.url = url;
  }
}

/** Time that passes only when a test says so. */
export class HandClock {
  #ms = Date.now();
  readonly now = (): number => this.#ms;
  readonly monotonic = this.now;

  advance(ms: number): void {
    this.#ms += ms;
  }
}
