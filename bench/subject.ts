import { fetchAuth } from '../src/adapters/fetch.ts';
import { AuthBearer } from '../src/authenticators/bearer.ts';
import { AuthDigest } from '../src/authenticators/digest.ts';
import type { Authenticator } from '../src/lifecycle/contract.ts';
import type { Token } from '../src/tokens/token.ts';
import type { Challenged } from './floors/digest.ts';
import type { HeldToken } from './floors/token-keeper.ts';

/** The authenticator that is measured: a bearer token that `request` renews. */
export function bearer(first: HeldToken, request: () => Promise<HeldToken>): Authenticator {
  return new AuthBearer(async () => toToken(await request()), { token: toToken(first) }) as Authenticator;
}

/** The same with a digest: an authenticator that has been challenged once. */
export async function digest(url: string, challenged: Challenged): Promise<Authenticator> {
  const { username, password, realm, nonce, opaque } = challenged;
  const auth = new AuthDigest({ username, password });
  const field = `Digest realm="${realm}", nonce="${nonce}", opaque="${opaque}", algorithm=SHA-256, qop="auth"`;
  const answers = [new Response(null, { status: 401, headers: { 'www-authenticate': field } }), new Response()];
  await fetchAuth(auth, { baseUrl: url, fetch: async () => answers.shift() as Response })(url);
  return auth as Authenticator;
}

function toToken({ value, expiresAt }: HeldToken): Token {
  return { accessToken: value, tokenType: 'Bearer', expiresAt };
}
