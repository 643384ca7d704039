/**
 * How a client proves itself to an authorization server (RFC 6749 §2.3): exactly one method per request.
 */

import { ConfigurationError, CredentialError } from '../errors.ts';
import { ownProperty } from '../key-path.ts';
import type { SecretOption } from '../secret.ts';
import { assertSecretText } from '../secret-text.ts';
import type { EndpointOption } from './authorization-server.ts';
import { type BasicEncoding, basicCredentials } from './basic-credentials.ts';
import { snakeCase } from './snake-case.ts';

/** The methods that need no code of their own, by the names that RFC 7591 and RFC 8705 give them. */
export type StandardClientAuthentication =
  | 'client_secret_basic'
  | 'client_secret_post'
  | 'tls_client_auth'
  | 'self_signed_tls_client_auth'
  | 'none';

/**
 * A standard method by its name, or one that is handed in: `privateKeyJwt({ key })`, `clientSecretJwt()`,
 * `clientAssertion(fn)`. With the two names for TLS the transport presents the certificate: give a `fetch` that does.
 */
export type ClientAuthentication = StandardClientAuthentication | ClientAuthenticator;

/** One request that a client is to be authenticated for. */
export interface ClientAuthenticationRequest {
  /** The client identifier. */
  readonly clientId: string;
  /** The text of option `clientSecret`, asked for this request; empty without that option. */
  readonly clientSecret: string;
  /** What an assertion names as its `aud` by default: the issuer; the token endpoint where no issuer is given. */
  readonly audience: string;
  /** The form that is sent. */
  readonly body: URLSearchParams;
  /** The headers that are sent. */
  readonly headers: Headers;
  /** The wall clock, in milliseconds since the epoch. */
  readonly now: () => number;
}

/** A method of client authentication. */
export interface ClientAuthenticator {
  /** The method's name in the server's metadata, such as `private_key_jwt`. */
  readonly method: string;
  /** Does it use option `clientSecret`? Default: `false`. */
  readonly usesSecret?: boolean;
  /** Does the certificate prove the client (RFC 8705)? Then the server may have other endpoints for it. Default: `false`. */
  readonly mutualTls?: boolean;
  /**
   * The secret values, beside option `clientSecret`, that prove who the client is. They are part of the key of a shared
   * store where the client acts for itself, as an HMAC. Default: unknown, and a shared store needs option `storeKey`.
   */
  readonly proofs?: () => readonly string[] | Promise<readonly string[]>;
  /**
   * Puts the proof on a request.
   *
   * @throws {@link CredentialError} (as a rejection) when the secret or key cannot be used.
   */
  authenticate(request: ClientAuthenticationRequest): void | Promise<void>;
}

/** The client, and how it proves itself. */
export interface ClientOptions {
  /** The client identifier, as registered with the server. */
  readonly clientId: string;
  /** The client secret. A function is asked for every request. Default: none. */
  readonly clientSecret?: SecretOption;
  /**
   * Default: `'none'` without a secret. With one `'client_secret_basic'`, or `'client_secret_post'` where the issuer's
   * metadata says that the endpoint takes that and not the former.
   */
  readonly clientAuthentication?: ClientAuthentication;
  /** What `'client_secret_basic'` encodes before base64. Default: `'form'`, as RFC 6749 §2.3.1 says. */
  readonly basicEncoding?: BasicEncoding;
}

type Authenticate = ClientAuthenticator['authenticate'];

const nameOnly = ({ clientId, body }: ClientAuthenticationRequest): void => body.set('client_id', clientId);

const withSecret: Authenticate = (request) => {
  nameOnly(request);
  request.body.set('client_secret', request.clientSecret);
};

const NO_PROOFS = () => [];

type StandardMethod = (encoding: BasicEncoding) => Omit<ClientAuthenticator, 'method'>;

const STANDARD: Readonly<Record<StandardClientAuthentication, StandardMethod>> = {
  client_secret_basic: (encoding) => ({ usesSecret: true, proofs: NO_PROOFS, authenticate: basic(encoding) }),
  client_secret_post: () => ({ usesSecret: true, proofs: NO_PROOFS, authenticate: withSecret }),
  tls_client_auth: () => ({ mutualTls: true, authenticate: nameOnly }),
  self_signed_tls_client_auth: () => ({ mutualTls: true, authenticate: nameOnly }),
  none: () => ({ proofs: NO_PROOFS, authenticate: nameOnly }),
};

/**
 * The method to use, checked.
 *
 * @throws {@link ConfigurationError} naming the option that is missing or contradictory.
 */
export function clientAuthenticator(options: ClientOptions): ClientAuthenticator {
  const { clientId, clientSecret, basicEncoding } = options;
  if (!clientId) {
    throw new ConfigurationError("option 'clientId' must be the client identifier.", { option: 'clientId' });
  }
  const given = options.clientAuthentication ?? (clientSecret === undefined ? 'none' : 'client_secret_basic');
  const method = typeof given === 'string' ? standard(given, basicEncoding) : given;
  if ((method.usesSecret === true) !== (clientSecret !== undefined)) {
    const problem = method.usesSecret ? 'is missing for' : 'contradicts';
    throw new ConfigurationError(`option 'clientSecret' ${problem} clientAuthentication '${method.method}'.`, {
      option: 'clientSecret',
    });
  }
  return method;
}

/**
 * The strongest method that both the options and the server's metadata (RFC 8414 §2) allow; `undefined` where the options
 * state one, or the metadata knows none that the options allow.
 */
export function supportedAuthenticator(
  { clientSecret, clientAuthentication, basicEncoding }: ClientOptions,
  metadata: object,
  endpoint: EndpointOption,
): ClientAuthenticator | undefined {
  if (clientSecret === undefined || (clientAuthentication ?? basicEncoding)) return undefined;
  // Endpoints without methods of their own take those of the token endpoint.
  const methods = (name: string) => ownProperty(metadata, `${snakeCase(name)}_auth_methods_supported`);
  const supported = methods(endpoint) ?? methods('tokenEndpoint');
  if (!Array.isArray(supported)) return undefined;
  const method = (['client_secret_basic', 'client_secret_post'] as const).find((name) => supported.includes(name));
  return method && standard(method);
}

function standard(method: StandardClientAuthentication, encoding: BasicEncoding = 'form'): ClientAuthenticator {
  if (!Object.hasOwn(STANDARD, method)) {
    const names = Object.keys(STANDARD).join(', ');
    throw new ConfigurationError(
      `option 'clientAuthentication' must be one of ${names}, or a method such as privateKeyJwt({ key }).`,
      { option: 'clientAuthentication' },
    );
  }
  return { method, ...STANDARD[method](encoding) };
}

/**
 * Not oauth4webapi's `ClientSecretBasic`: that percent-encodes `-`, `.` and `_` too, which RFC 6749 appendix B doesn't
 * ask for and servers that forget to decode (a UUID as client id) refuse.
 */
function basic(encoding: BasicEncoding): Authenticate {
  return ({ clientId, clientSecret, headers }) => {
    headers.set('authorization', `Basic ${basicCredentials(clientId, clientSecret, encoding)}`);
  };
}

/** A client secret that can be sent: text, without control characters. */
export function assertClientSecret(value: string, what: string): void {
  if (value === '') throw new CredentialError(`${what} is empty.`);
  assertSecretText(value, what);
}
