import type { AuthContext, AuthRequest } from '../src/lifecycle/contract.ts';
import { Authenticator } from '../src/lifecycle/contract.ts';
import { type HeldToken, TokenKeeper } from './floors/token-keeper.ts';

/** Stands in for AuthBearer until that has landed. */
class HeldBearer extends Authenticator<HeldToken> {
  readonly #keeper: TokenKeeper;

  constructor(keeper: TokenKeeper) {
    super();
    this.#keeper = keeper;
  }

  authenticate({ refused }: AuthContext<HeldToken>): HeldToken | Promise<HeldToken> {
    if (refused !== undefined) return this.#keeper.renew(refused.credential);
    return this.#keeper.current ?? this.#keeper.renew();
  }

  modifyRequest(request: AuthRequest, token: HeldToken): void {
    request.headers.set('authorization', `Bearer ${token.value}`);
  }
}

/** The authenticator that is measured: a bearer token that `request` renews. */
export function bearer(first: HeldToken, request: () => Promise<HeldToken>): Authenticator {
  return new HeldBearer(new TokenKeeper(first, request)) as Authenticator;
}
