/**
 * One client at one authorization server: authenticated requests to any of its endpoints.
 */

import { askSecret, givenSecret } from '../ask-secret.ts';
import { type AuthError, ConfigurationError, CredentialError, isAuthError } from '../errors.ts';
import { plainCause } from '../secrets/plain-cause.ts';
import { reasonOf } from '../secrets/safe-cause.ts';
import { TRIES } from '../tokens/outlive.ts';
import {
  type AuthorizationServer,
  authorizationServer,
  type EndpointOption,
  type ServerOptions,
} from './authorization-server.ts';
import { callEndpoint, type EndpointCallOptions } from './call-endpoint.ts';
import {
  assertClientSecret,
  type ClientOptions,
  clientAuthenticator,
  supportedAuthenticator,
} from './client-authentication.ts';
import type { ServerMetadata } from './discovery.ts';
import { joinProofs, type Proofs } from './identity.ts';
import type { EncodedBody } from './json-body.ts';
import { secretRegistrar } from './registered-secrets.ts';
import type { TokenResponse } from './token-response.ts';
import { type Wait, wait } from './wait.ts';

const FORM = 'application/x-www-form-urlencoded;charset=UTF-8';

export interface OAuthClientOptions extends ClientOptions, EndpointCallOptions {
  /** Allows http to hosts beyond loopback, where anyone on the network path can read the secrets. Default: `false`. */
  readonly allowInsecureRequests?: boolean;
  /** More headers of the requests to the server, such as an API key of its gateway. Default: none. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Writes the body of a token request, as {@link jsonBody} does. Default: a form, as RFC 6749 says. */
  readonly encodeBody?: (form: URLSearchParams) => EncodedBody;
  /** Waits between two requests; for tests. Default: a timer. */
  readonly wait?: Wait;
}

export interface ClientFeatures {
  /** The client has no name: what it sends speaks for itself (RFC 7523 §2.1). Default: `false`. */
  readonly anonymous?: boolean;
  /** A person takes part. Default: `false`. */
  readonly interactive?: boolean;
}

/** One request to an endpoint of the server. */
export interface EndpointRequest {
  /** What is sent, without the proof of the client. */
  readonly form: URLSearchParams;
  readonly signal: AbortSignal;
  /** More headers, made when all else is ready, right before the request goes out. */
  readonly headers?: (endpoint: URL) => Promise<Readonly<Record<string, string>>>;
}

/** Makes authenticated requests. */
export interface OAuthClient {
  readonly server: AuthorizationServer;
  readonly clientId: string;
  readonly now: () => number;
  readonly wait: Wait;
  /** What proves the client where it acts for itself; `undefined` where nobody here knows it, such as a certificate. */
  readonly proofs: Proofs | undefined;
  /** Posts a form with the proof of the client. @throws {@link TokenEndpointError} */
  post(endpoint: EndpointOption, request: EndpointRequest): Promise<TokenResponse>;
  /** The `aud` of assertions made for this server, unless somebody names another. */
  assertionAudience(metadata: ServerMetadata): string;
  /** Registers a secret of this client with the credential filter. */
  registerSecret(key: string, value: string | undefined): void;
  /** Asks for the client secret once more: is it another one than the last that was sent? */
  isSecretNew(): Promise<boolean>;
}

/**
 * Checks the options before any I/O.
 *
 * @throws {@link ConfigurationError} naming the option, {@link CredentialError} for a secret that cannot be sent.
 */
export function oauthClient(
  options: OAuthClientOptions & ServerOptions,
  { anonymous = false, interactive = false }: ClientFeatures = {},
): OAuthClient {
  // A renewal that needs nobody is tried again as a whole.
  const server = authorizationServer(options, interactive ? TRIES : 1);
  const method = clientAuthenticator(options);
  const mutualTls = method.mutualTls === true;
  const registerSecret = secretRegistrar();
  const secret = secretSource(options, registerSecret);
  let sent = '';
  const { clientId, now = Date.now } = options;
  const assertionAudience = (metadata: ServerMetadata) =>
    // The issuer of many tenants is a template.
    server.issuer === undefined || /{/.test(metadata.issuer) ? `${metadata.token_endpoint}` : metadata.issuer;

  async function authenticate(
    endpoint: EndpointOption,
    as: ServerMetadata,
    body: URLSearchParams,
    headers: Headers,
  ): Promise<void> {
    const clientSecret = await secret();
    sent = clientSecret;
    const chosen = supportedAuthenticator(options, as, endpoint) ?? method;
    try {
      await chosen.authenticate({ clientId, clientSecret, audience: assertionAudience(as), body, headers, now });
    } catch (error) {
      throw unproven(error, chosen.method);
    }
    registerProof(body, headers, registerSecret);
  }

  return {
    server,
    clientId,
    now,
    wait: options.wait ?? wait,
    registerSecret,
    isSecretNew: async () => (await secret()) !== sent,
    assertionAudience,
    proofs: joinProofs(method.proofs, async () => [await secret()]),
    async post(endpoint, { form, signal, headers: more }) {
      const as = await server.metadata(signal);
      const url = server.endpoint(as, endpoint, mutualTls);
      const body = new URLSearchParams(form);
      const headers = new Headers({ accept: 'application/json' });
      setAll(headers, options.headers);
      if (!anonymous) await authenticate(endpoint, as, body, headers);
      const written = (endpoint === 'tokenEndpoint' && options.encodeBody?.(body)) || {
        contentType: FORM,
        body: `${body}`,
      };
      if (typeof written.contentType !== 'string' || typeof written.body !== 'string')
        throw new ConfigurationError("option 'encodeBody' must return { contentType, body }, both text.", {
          option: 'encodeBody',
        });
      headers.set('content-type', written.contentType);
      setAll(headers, await more?.(url));
      // A plain object: `fetch` may be another implementation, with `Headers` of its own.
      const init = { method: 'POST', headers: Object.fromEntries(headers), body: written.body };
      const send = (fetchWith: typeof fetch) => fetchWith(url.href, { ...init, redirect: 'manual', signal });
      return callEndpoint(url, signal, send, options);
    },
  };
}

function setAll(headers: Headers, all: Readonly<Record<string, string>> = {}): void {
  for (const [name, value] of Object.entries(all)) headers.set(name, value);
}

type Register = OAuthClient['registerSecret'];

/** The client secret, empty where there is none; a function is asked for every request. */
function secretSource({ clientSecret }: OAuthClientOptions, register: Register): () => string | Promise<string> {
  if (clientSecret === undefined) return () => '';
  register('clientSecret', givenSecret(clientSecret, 'the client secret', assertClientSecret));
  return async () => {
    const secret = await askSecret(clientSecret, 'the client secret', assertClientSecret);
    register('clientSecret', secret);
    return secret;
  };
}

/** An assertion is a secret while it lives, which is a minute; in base64 the client's secret looks like no secret. */
function registerProof(body: URLSearchParams, headers: Headers, register: Register): void {
  register('clientAssertion', body.get('client_assertion') ?? undefined);
  register('clientCredentials', headers.get('authorization')?.replace(/^Basic /, ''));
}

/** Messages of other libraries may hold what they were given. */
function unproven(error: unknown, method: string): AuthError {
  if (isAuthError(error)) return error;
  const cause = plainCause(error);
  return new CredentialError(`the client could not be authenticated by ${method}: ${reasonOf(error)}`, { cause });
}
