/**
 * Authenticators for the contract suite: one per place where a credential can stand.
 */

import {
  type AuthContext,
  Authenticator,
  type AuthenticatorOptions,
  type AuthRequest,
} from '../../src/lifecycle/contract.ts';
import type { TokenIssuer } from './token-issuer.ts';

/** Where a credential stands in a request. */
export type Placement = 'authorization' | 'header' | 'query' | 'cookie';

export const placements: readonly Placement[] = ['authorization', 'header', 'query', 'cookie'];

const put: Readonly<Record<Placement, (request: AuthRequest, token: string) => void>> = {
  authorization: ({ headers }, token) => headers.set('authorization', `Bearer ${token}`),
  header: ({ headers }, token) => headers.set('x-api-key', token),
  cookie: ({ headers }, token) => headers.set('cookie', `session=${token}`),
  query(request, token) {
    const { url } = request;
    url.searchParams.set('api_key', token);
    request.url = url;
  },
};

/** Puts an issuer's token in the given place, and renews it for everybody at once. */
export class TestAuth extends Authenticator<string> {
  readonly #issuer: TokenIssuer;
  readonly #placement: Placement;
  #token: string | undefined;
  #renewal: Promise<string> | undefined;

  constructor(issuer: TokenIssuer, placement: Placement = 'authorization', options?: AuthenticatorOptions) {
    super(options);
    this.#issuer = issuer;
    this.#placement = placement;
  }

  override checkIfAuthenticated(): boolean {
    return this.#token !== undefined;
  }

  authenticate({ refused }: AuthContext<string>): string | Promise<string> {
    const isGood = this.#renewal === undefined && this.#token !== undefined && refused?.credential !== this.#token;
    if (isGood) return this.#token as string;
    this.#renewal ??= this.#renew();
    return this.#renewal;
  }

  modifyRequest(request: AuthRequest, token: string): void {
    put[this.#placement](request, token);
  }

  async #renew(): Promise<string> {
    try {
      const { accessToken } = await this.#issuer.requestToken();
      this.#token = accessToken;
      return accessToken;
    } finally {
      this.#renewal = undefined;
    }
  }
}
