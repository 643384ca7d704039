/**
 * Client authentication by assertion (RFC 7523 §2.2, OpenID Connect Core §9). These methods are handed in, so that
 * programs without them carry no code that signs.
 */

import { ConfigurationError, CredentialError, isAuthError } from '../errors.ts';
import { func, joinOptions, milliseconds, object, readOptions, type Shape, secretOption, text } from '../options.ts';
import type { SecretOption } from '../secret.ts';
import { type AssertionOptions, assertAssertionOptions, signAssertion } from './assertion.ts';
import type { ClientAuthenticationRequest, ClientAuthenticator } from './client-authentication.ts';
import { signingKeyOption } from './option-shapes.ts';
import { secretRegistrar } from './registered-secrets.ts';
import { keyProofs, type SigningKeyOption, signingKey } from './signing-key.ts';

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

interface ClientAssertionOptions extends AssertionOptions {
  /** The `aud` of assertions. Default: the issuer; the token endpoint where no issuer is given. */
  readonly audience?: string;
}

/** Options of {@link privateKeyJwt}. */
export interface PrivateKeyJwtOptions extends ClientAssertionOptions {
  /** The private key: PEM text, a JWK or a `CryptoKey`. A function is asked for every request. */
  readonly key: SigningKeyOption;
  /** Decrypts `key` where it is encrypted PEM. Default: none. */
  readonly passphrase?: SecretOption;
  /** The `kid` of the assertion's header. Default: the JWK's. */
  readonly keyId?: string;
  /** The JWS algorithm. Default: the key's own; for an RSA key in PEM `RS256`. */
  readonly algorithm?: string;
}

/** Options of {@link clientSecretJwt}. */
export type ClientSecretJwtOptions = ClientAssertionOptions;

const ASSERTION_SHAPE: Shape<ClientAssertionOptions> = {
  audience: text,
  header: object,
  lifetimeMs: milliseconds,
  backdateMs: milliseconds,
};

/**
 * `private_key_jwt`: each request carries a fresh assertion that the client has signed with its private key.
 *
 * @example
 * const source = clientCredentials({ issuer, clientId, clientAuthentication: privateKeyJwt({ key: pem, keyId: 'k1' }) });
 * @throws {@link ConfigurationError} naming the option that is wrong, {@link CredentialError} for a key that is empty.
 */
export function privateKeyJwt(options: PrivateKeyJwtOptions): ClientAuthenticator {
  const shape: Shape<PrivateKeyJwtOptions> = {
    ...ASSERTION_SHAPE,
    key: signingKeyOption,
    passphrase: secretOption,
    keyId: text,
    algorithm: text,
  };
  const { key: given, passphrase, keyId, algorithm, ...others } = readOptions('privateKeyJwt', options, shape);
  const own: ClientAssertionOptions = joinOptions({}, others);
  assertAssertionOptions(own);
  const register = secretRegistrar();
  const key = signingKey(given, 'the client key', register, { keyId, algorithm, passphrase });
  const proofs = keyProofs(given, 'the client key');
  return {
    ...byAssertion('private_key_jwt', async (request) =>
      signAssertion(await key(), ownAssertion(request, own), request.now(), own),
    ),
    ...(proofs !== undefined && { proofs }),
  };
}

/**
 * `client_secret_jwt`: each request carries a fresh assertion, an HMAC with option `clientSecret` of the grant, which is
 * never sent itself.
 *
 * @example
 * const source = clientCredentials({ issuer, clientId, clientSecret, clientAuthentication: clientSecretJwt() });
 * @throws {@link ConfigurationError} naming the option that is wrong.
 */
export function clientSecretJwt(options: ClientSecretJwtOptions = {}): ClientAuthenticator {
  const own = readOptions('clientSecretJwt', options, ASSERTION_SHAPE);
  assertAssertionOptions(own);
  return {
    usesSecret: true,
    proofs: () => [],
    ...byAssertion('client_secret_jwt', (request) => {
      const key = new TextEncoder().encode(request.clientSecret);
      const signer = { key, algorithm: 'HS256', keyId: undefined };
      return signAssertion(signer, ownAssertion(request, own), request.now(), own);
    }),
  };
}

/**
 * An assertion that somebody else makes: a key management service, a workload identity (a projected service account
 * token). The function is asked for every request.
 *
 * @param assertion - Gets the client identifier and the audience that the server expects by default.
 * @example
 * const clientAuthentication = clientAssertion(() => readFile('/var/run/secrets/azure/tokens/token', 'utf8'));
 * @throws {@link ConfigurationError} for what is no function.
 */
export function clientAssertion(
  assertion: (request: Pick<ClientAuthenticationRequest, 'clientId' | 'audience'>) => string | Promise<string>,
): ClientAuthenticator {
  if (!func.test(assertion)) {
    throw new ConfigurationError('clientAssertion takes a function that returns the assertion.');
  }
  return byAssertion('private_key_jwt', async ({ clientId, audience }) => {
    const given = await ask(() => assertion({ clientId, audience }));
    if (typeof given === 'string' && given.trim() !== '') return given.trim();
    throw new CredentialError('the client assertion is empty: its function must return a JWT as text.');
  });
}

async function ask<T>(action: () => T | Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (cause) {
    if (isAuthError(cause)) throw cause;
    throw new CredentialError('the client assertion is not available: its function failed.', { cause });
  }
}

function ownAssertion({ clientId, audience }: ClientAuthenticationRequest, own: ClientAssertionOptions) {
  return { issuer: clientId, subject: clientId, audience: own.audience ?? audience };
}

function byAssertion(
  method: string,
  make: (request: ClientAuthenticationRequest) => Promise<string>,
): ClientAuthenticator {
  return {
    method,
    async authenticate(request) {
      const assertion = await make(request);
      request.body.set('client_id', request.clientId);
      request.body.set('client_assertion_type', ASSERTION_TYPE);
      request.body.set('client_assertion', assertion);
    },
  };
}
