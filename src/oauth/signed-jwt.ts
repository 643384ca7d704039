import { ConfigurationError } from '../errors.ts';
import { func, milliseconds, object, readOptions, type Shape, secretOption, text } from '../options.ts';
import type { SecretOption } from '../secret.ts';
import type { TokenSource } from '../tokens/token.ts';
import { type AssertionOptions, assertAssertionOptions } from './assertion.ts';
import { signingKeyOption } from './option-shapes.ts';
import { secretRegistrar } from './registered-secrets.ts';
import { signJwt } from './sign-jwt.ts';
import { keyProofs, type SigningKeyOption, signingKey } from './signing-key.ts';
import { storeKey } from './store-key.ts';

/** Options of {@link signedJwt}. */
export interface SignedJwtOptions extends AssertionOptions {
  /** The private key: PEM text, a JWK or a `CryptoKey`. A function is asked for every token. */
  readonly key: SigningKeyOption;
  /** Decrypts `key` where it is encrypted PEM. Default: none. */
  readonly passphrase?: SecretOption;
  /** The `kid` of the header. Default: the JWK's. */
  readonly keyId?: string;
  /** The JWS algorithm. Default: the key's own; for an RSA key in PEM `RS256`. */
  readonly algorithm?: string;
  /** The claims, such as `iss` and `aud`; an `iat` or `exp` of your own wins. Default: `iat` and `exp`. */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** How long a token lives, in milliseconds. Default: 300,000 (five minutes). */
  readonly lifetimeMs?: number;
  /** The wall clock, in milliseconds since the epoch. Default: `Date.now`. */
  readonly now?: () => number;
}

const SHAPE: Shape<SignedJwtOptions> = {
  key: signingKeyOption,
  passphrase: secretOption,
  keyId: text,
  algorithm: text,
  claims: object,
  header: object,
  lifetimeMs: milliseconds,
  backdateMs: milliseconds,
  now: func,
};

const LIFETIME_MS = 300_000;

/**
 * Tokens that need no server: a JWT that this program signs itself, as GitHub Apps, App Store Connect and Snowflake take
 * one. A new one is made before the last one expires.
 *
 * @example
 * const app = signedJwt({ key: pem, claims: { iss: appId }, backdateMs: 60_000 });
 * const auth = new AuthOAuth2(app);
 * @throws {@link ConfigurationError} naming the option that is wrong, {@link CredentialError} for a key that is empty.
 */
export function signedJwt(given: SignedJwtOptions): TokenSource {
  const options = readOptions('signedJwt', given, SHAPE);
  const { key: option, passphrase, keyId, algorithm, claims = {}, lifetimeMs = LIFETIME_MS, backdateMs = 0 } = options;
  if (option === undefined) {
    throw new ConfigurationError("option 'key' takes the private key that signs.", { option: 'key' });
  }
  if (Object.hasOwn(claims, 'exp') && typeof claims.exp !== 'number') {
    throw new ConfigurationError("option 'claims': 'exp' is a number of seconds since the epoch.", {
      option: 'claims',
    });
  }
  assertAssertionOptions(options);
  const register = secretRegistrar();
  const key = signingKey(option, 'the key', register, { keyId, algorithm, passphrase });
  const proofs = keyProofs(option, 'the key');
  const parameters = storeKey('signedJwt', keyId, JSON.stringify(claims));
  return {
    ...(proofs !== undefined && { identity: { parameters, proofs } }),
    async requestToken() {
      const now = (options.now ?? Date.now)();
      const seconds = (ms: number) => Math.floor(ms / 1000);
      const all = { iat: seconds(now - backdateMs), exp: seconds(now + lifetimeMs), ...claims };
      const { key: own, algorithm: name, keyId: kid } = await key();
      const header = { typ: 'JWT', kid, ...options.header };
      const accessToken = await signJwt({ key: own, algorithm: name, header, claims: all });
      return { accessToken, tokenType: 'Bearer', expiresAt: all.exp * 1000 };
    },
  };
}
