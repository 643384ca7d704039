/**
 * Assertions (RFC 7523 §3): short-lived JWTs that somebody signs about themselves.
 */

import { ConfigurationError } from '../errors.ts';
import { secureRandom } from '../tokens/secure-random.ts';
import type { CryptoKey } from '../web-types.ts';
import { freshJwtId, signJwt } from './sign-jwt.ts';
import type { SigningKey } from './signing-key.ts';

/** SECURITY: an assertion that is stolen on its way is worth a minute. */
const LIFETIME_MS = 60_000;

/** How an assertion is made. */
export interface AssertionOptions {
  /**
   * More header parameters, such as `x5t` or `x5t#S256` (RFC 7515 §4.1.7 and §4.1.8) for a certificate, or another `typ`.
   * Default: `{ typ: 'JWT' }` and, where the key has an identifier, `kid`.
   */
  readonly header?: Readonly<Record<string, unknown>>;
  /** How long an assertion lives, in milliseconds: its `exp` counts from now. Default: 60,000. */
  readonly lifetimeMs?: number;
  /** How far back its `iat` lies, in milliseconds, for servers whose clock is late. Default: 0. */
  readonly backdateMs?: number;
}

/** What one assertion says. */
export interface Assertion {
  readonly issuer: string;
  readonly subject: string;
  readonly audience: string;
  /** More claims. The ones above win. */
  readonly claims?: Readonly<Record<string, unknown>> | undefined;
}

type Signer = Omit<SigningKey, 'key'> & { readonly key: CryptoKey | Uint8Array };

/** @throws {@link ConfigurationError} naming the option that must not be set or is out of range. */
export function assertAssertionOptions({ header = {}, lifetimeMs = LIFETIME_MS }: AssertionOptions): void {
  if (Object.hasOwn(header, 'alg')) {
    throw new ConfigurationError("option 'header' must not hold 'alg': it is option 'algorithm'.", {
      option: 'header',
    });
  }
  if (lifetimeMs >= 1000) return;
  throw new ConfigurationError("option 'lifetimeMs' must be at least 1000.", { option: 'lifetimeMs' });
}

/** A fresh assertion. */
export function signAssertion(
  { key, algorithm, keyId: kid }: Signer,
  { issuer, subject, audience, claims }: Assertion,
  now: number,
  { header, lifetimeMs = LIFETIME_MS, backdateMs = 0 }: AssertionOptions = {},
): Promise<string> {
  const seconds = (ms: number) => Math.floor(ms / 1000);
  return signJwt({
    key,
    algorithm,
    header: { typ: 'JWT', ...(kid !== undefined && { kid }), ...header },
    claims: {
      ...claims,
      iss: issuer,
      sub: subject,
      aud: audience,
      iat: seconds(now - backdateMs),
      exp: seconds(now + lifetimeMs),
      jti: freshJwtId(secureRandom),
    },
  });
}
