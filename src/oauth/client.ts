/**
 * One client at one authorization server: authenticated requests to any of its endpoints.
 */

import {
  allowInsecureRequests,
  type Client,
  type ClientAuth,
  customFetch,
  type HttpRequestOptions,
} from 'oauth4webapi';
import { askSecret, givenSecret } from '../ask-secret.ts';
import {
  type AuthorizationServer,
  authorizationServer,
  type EndpointOption,
  type ServerOptions,
} from './authorization-server.ts';
import { callEndpoint, type EndpointCallOptions } from './call-endpoint.ts';
import { assertClientSecret, type ClientOptions, clientAuthenticator } from './client-authentication.ts';
import type { ServerMetadata } from './discovery.ts';
import { secretRegistrar } from './registered-secrets.ts';
import type { TokenResponse } from './token-response.ts';
import { type Wait, wait } from './wait.ts';

export interface OAuthClientOptions extends ClientOptions, EndpointCallOptions {
  /** Allows http to other machines: whoever is on the way reads the secrets. Default: `false`. */
  readonly allowInsecureRequests?: boolean;
  /** Lets time pass between two requests; for tests. */
  readonly wait?: Wait;
}

/** All that a function of oauth4webapi needs for one request. */
export interface PreparedRequest {
  readonly as: ServerMetadata;
  /** The endpoint. */
  readonly url: URL;
  readonly client: Client;
  readonly auth: ClientAuth;
  readonly options: HttpRequestOptions<'POST', URLSearchParams>;
}

/** Makes authenticated requests. */
export interface OAuthClient {
  readonly server: AuthorizationServer;
  readonly clientId: string;
  readonly now: () => number;
  readonly wait: Wait;
  /** The call itself: `send` is a function of oauth4webapi. @throws {@link TokenEndpointError} */
  call(
    endpoint: EndpointOption,
    signal: AbortSignal,
    send: (prepared: PreparedRequest) => Promise<Response>,
  ): Promise<TokenResponse>;
  /** The `aud` of assertions made for this server, unless somebody names another. */
  assertionAudience(metadata: ServerMetadata): string;
  /** Registers a secret of this client with the credential filter. */
  registerSecret(key: string, value: string | undefined): void;
}

/**
 * Checks the options before any I/O.
 *
 * @param name - What the client is for, for the credential filter's keys.
 * @param anonymous - The client has no name: what it sends speaks for itself (RFC 7523 §2.1).
 * @throws {@link ConfigurationError} naming the option, {@link CredentialError} for a secret that cannot be sent.
 */
export function oauthClient(name: string, options: OAuthClientOptions & ServerOptions, anonymous = false): OAuthClient {
  const server = authorizationServer(options);
  const method = clientAuthenticator(options);
  const mutualTls = method.mutualTls === true;
  const registerSecret = secretRegistrar(name);
  const secret = secretSource(options, registerSecret);
  const { clientId, now = Date.now } = options;
  const client: Client = { client_id: clientId, use_mtls_endpoint_aliases: mutualTls };
  const assertionAudience = (metadata: ServerMetadata) =>
    server.issuer === undefined ? String(metadata.token_endpoint) : metadata.issuer;

  async function authenticate(as: ServerMetadata, body: URLSearchParams, headers: Headers): Promise<void> {
    const clientSecret = await secret();
    await method.authenticate({ clientId, clientSecret, audience: assertionAudience(as), body, headers, now });
    registerProof(body, headers, registerSecret);
  }

  return {
    server,
    clientId,
    now,
    wait: options.wait ?? wait,
    registerSecret,
    assertionAudience,
    async call(endpoint, signal, send) {
      const as = await server.metadata(signal);
      const url = server.endpoint(as, endpoint, mutualTls);
      const auth: ClientAuth = (_as, _client, body, headers) =>
        anonymous ? undefined : authenticate(as, body, headers);
      const sendWith = (fetchWith: typeof fetch) => {
        const http = { [customFetch]: fetchWith, [allowInsecureRequests]: url.protocol === 'http:', signal };
        return send({ as, url, client, auth, options: http });
      };
      return callEndpoint(url, signal, sendWith, options);
    },
  };
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
