import { AuthBearer } from '../src/authenticators/bearer.ts';
import type { Authenticator } from '../src/lifecycle/contract.ts';
import type { Token } from '../src/tokens/token.ts';
import type { HeldToken } from './floors/token-keeper.ts';

/** The authenticator that is measured: a bearer token that `request` renews. */
export function bearer(first: HeldToken, request: () => Promise<HeldToken>): Authenticator {
  return new AuthBearer(async () => toToken(await request()), { token: toToken(first) }) as Authenticator;
}

function toToken({ value, expiresAt }: HeldToken): Token {
  return { accessToken: value, tokenType: 'Bearer', expiresAt };
}
