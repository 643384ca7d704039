/**
 * How a client proves itself to an authorization server (RFC 6749 §2.3): exactly one method per request.
 */

import {
  type ClientAuth,
  ClientSecretJwt,
  ClientSecretPost,
  type ModifyAssertionOptions,
  modifyAssertion,
  None,
  PrivateKeyJwt,
  TlsClientAuth,
} from 'oauth4webapi';
import { ConfigurationError, CredentialError } from '../errors.ts';
import type { SecretOption } from '../secret.ts';
import { assertSecretText } from '../secret-text.ts';
import { assertBasicEncoding, type BasicEncoding, basicCredentials } from './basic-credentials.ts';
import type { SigningKey, SigningKeyOption } from './signing-key.ts';

/**
 * RFC 6749 §2.3.1, OpenID Connect Core §9 and RFC 8705 §2. With the two for TLS the certificate is the transport's
 * affair: give a `fetch` that presents it.
 */
export type ClientAuthentication =
  | 'client_secret_basic'
  | 'client_secret_post'
  | 'client_secret_jwt'
  | 'private_key_jwt'
  | 'tls_client_auth'
  | 'self_signed_tls_client_auth'
  | 'none';

export interface ClientOptions {
  readonly clientId: string;
  readonly clientSecret?: SecretOption;
  /** The private key of `'private_key_jwt'`: PEM text (PKCS #8), a JWK or a `CryptoKey`. */
  readonly clientKey?: SigningKeyOption;
  /** The `kid` of `clientKey`. Default: the JWK's. */
  readonly clientKeyId?: string;
  /** The algorithm of `clientKey`. Default: the key's own; for an RSA key in PEM `RS256`. */
  readonly clientKeyAlgorithm?: string;
  /** Default: `'client_secret_basic'` with a secret, `'private_key_jwt'` with a key, `'none'` without either. */
  readonly clientAuthentication?: ClientAuthentication;
  /** What `'client_secret_basic'` encodes before base64. Default: `'form'`, as RFC 6749 §2.3.1 wants it. */
  readonly basicEncoding?: BasicEncoding;
  /** The `aud` of assertions. Default: the issuer; the token endpoint where no issuer is given. */
  readonly assertionAudience?: string;
}

/** What a method needs: the option that brings it. */
const NEEDS: Readonly<Record<ClientAuthentication, 'clientSecret' | 'clientKey' | undefined>> = {
  client_secret_basic: 'clientSecret',
  client_secret_post: 'clientSecret',
  client_secret_jwt: 'clientSecret',
  private_key_jwt: 'clientKey',
  tls_client_auth: undefined,
  self_signed_tls_client_auth: undefined,
  none: undefined,
};

/**
 * The method to use, checked.
 *
 * @throws {@link ConfigurationError} naming the option that is missing or contradictory.
 */
export function clientAuthentication(options: ClientOptions): ClientAuthentication {
  const { clientId, clientAuthentication: given } = options;
  if (typeof clientId !== 'string' || clientId === '') {
    throw new ConfigurationError("option 'clientId' takes the client identifier.", { option: 'clientId' });
  }
  const method = given ?? defaultMethod(options);
  if (!Object.hasOwn(NEEDS, method)) {
    throw new ConfigurationError(`option 'clientAuthentication' is one of ${Object.keys(NEEDS).join(', ')}.`, {
      option: 'clientAuthentication',
    });
  }
  if (options.basicEncoding !== undefined) assertBasicEncoding(options.basicEncoding, 'basicEncoding');
  for (const option of ['clientSecret', 'clientKey'] as const) {
    const needed = NEEDS[method] === option;
    if (needed === (options[option] !== undefined)) continue;
    throw new ConfigurationError(
      `option '${option}' ${needed ? 'is missing for' : 'contradicts'} clientAuthentication '${method}'.`,
      { option },
    );
  }
  return method;
}

function defaultMethod({ clientSecret, clientKey }: ClientOptions): ClientAuthentication {
  if (clientSecret !== undefined) return 'client_secret_basic';
  return clientKey === undefined ? 'none' : 'private_key_jwt';
}

/** Does the certificate prove the client (RFC 8705)? Then the server may have other endpoints for it. */
export function isMutualTls(method: ClientAuthentication): boolean {
  return method === 'tls_client_auth' || method === 'self_signed_tls_client_auth';
}

/** A client secret that can be sent: text, without control characters. */
export function assertClientSecret(value: string, what: string): void {
  if (value === '') throw new CredentialError(`${what} is empty.`);
  assertSecretText(value, what);
}

/** What the proof is made of. */
export interface ClientProof {
  readonly secret: string;
  readonly key: SigningKey | undefined;
  readonly basicEncoding: BasicEncoding | undefined;
  /** The `aud` of assertions. */
  readonly audience: string;
}

/**
 * Puts the proof on a token request. Not oauth4webapi's `ClientSecretBasic`: that percent-encodes `-`, `.` and `_` too,
 * which RFC 6749 appendix B doesn't ask for and servers that forget to decode (a UUID as client id) refuse.
 */
export function clientAuth(method: ClientAuthentication, proof: ClientProof): ClientAuth {
  const { secret, key, basicEncoding = 'form' } = proof;
  switch (method) {
    case 'none':
      return None();
    case 'tls_client_auth':
    case 'self_signed_tls_client_auth':
      return TlsClientAuth();
    case 'client_secret_post':
      return ClientSecretPost(secret);
    case 'client_secret_jwt':
      return ClientSecretJwt(secret, audience(proof));
    case 'private_key_jwt':
      return PrivateKeyJwt(privateKey(key), audience(proof));
    case 'client_secret_basic':
      return (_as, client, _body, headers) => {
        headers.set('authorization', `Basic ${basicCredentials(client.client_id, secret, basicEncoding)}`);
      };
  }
}

function privateKey(key: SigningKey | undefined) {
  if (key === undefined) throw new CredentialError('the client key is missing.');
  return { key: key.key, ...(key.keyId !== undefined && { kid: key.keyId }) };
}

/** oauth4webapi gives each assertion a fresh `jti` and 60 seconds. */
function audience(proof: ClientProof): ModifyAssertionOptions {
  return {
    [modifyAssertion](_header, payload) {
      payload.aud = proof.audience;
    },
  };
}
