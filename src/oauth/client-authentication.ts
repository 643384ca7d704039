/**
 * How a client proves itself to a token endpoint (RFC 6749 §2.3).
 */

import { type ClientAuth, ClientSecretPost, None } from 'oauth4webapi';
import { ConfigurationError, CredentialError } from '../errors.ts';
import type { SecretOption } from '../secret.ts';
import { assertSecretText } from '../secret-text.ts';
import { assertBasicEncoding, type BasicEncoding, basicCredentials } from './basic-credentials.ts';

export type ClientAuthentication = 'client_secret_basic' | 'client_secret_post' | 'none';

export interface ClientOptions {
  readonly clientId: string;
  readonly clientSecret?: SecretOption;
  /** Default: `'client_secret_basic'` with a secret, `'none'` without. */
  readonly clientAuthentication?: ClientAuthentication;
  /** What `'client_secret_basic'` encodes before base64. Default: `'form'`, as RFC 6749 §2.3.1 wants it. */
  readonly basicEncoding?: BasicEncoding;
}

const METHODS: readonly unknown[] = ['client_secret_basic', 'client_secret_post', 'none'];

/**
 * The method to use, checked.
 *
 * @throws {@link ConfigurationError} naming the option that is missing or contradictory.
 */
export function clientAuthentication(options: ClientOptions): ClientAuthentication {
  const { clientId, clientSecret, clientAuthentication: given } = options;
  if (typeof clientId !== 'string' || clientId === '') {
    throw new ConfigurationError("option 'clientId' takes the client identifier.", { option: 'clientId' });
  }
  const method = given ?? (clientSecret === undefined ? 'none' : 'client_secret_basic');
  if (!METHODS.includes(method)) {
    throw new ConfigurationError(`option 'clientAuthentication' is one of ${METHODS.join(', ')}.`, {
      option: 'clientAuthentication',
    });
  }
  if (options.basicEncoding !== undefined) assertBasicEncoding(options.basicEncoding, 'basicEncoding');
  if ((method === 'none') !== (clientSecret === undefined)) {
    throw new ConfigurationError(
      `option 'clientSecret' ${method === 'none' ? 'contradicts' : 'is missing for'} clientAuthentication '${method}'.`,
      { option: 'clientSecret' },
    );
  }
  return method;
}

/** A client secret that can be sent: text, without control characters. */
export function assertClientSecret(value: string, what: string): void {
  if (value === '') throw new CredentialError(`${what} is empty.`);
  assertSecretText(value, what);
}

/**
 * Puts the proof on a token request. Not oauth4webapi's `ClientSecretBasic`: that percent-encodes `-`, `.` and `_` too,
 * which RFC 6749 appendix B doesn't ask for and servers that forget to decode (a UUID as client id) refuse.
 */
export function clientAuth(method: ClientAuthentication, secret: string, encoding: BasicEncoding = 'form'): ClientAuth {
  if (method === 'none') return None();
  if (method === 'client_secret_post') return ClientSecretPost(secret);
  return (_as, client, _body, headers) => {
    headers.set('authorization', `Basic ${basicCredentials(client.client_id, secret, encoding)}`);
  };
}
