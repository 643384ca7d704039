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
import {
  assertClientSecret,
  type ClientOptions,
  type ClientProof,
  clientAuth,
  clientAuthentication,
  isMutualTls,
} from './client-authentication.ts';
import type { ServerMetadata } from './discovery.ts';
import { secretRegistrar } from './registered-secrets.ts';
import { type SigningKeySource, signingKey } from './signing-key.ts';
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
  /** The `aud` of assertions made for this server. */
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
  const method = clientAuthentication(options);
  const registerSecret = secretRegistrar(name);
  const proof = proofSource(options, registerSecret);
  const client: Client = { client_id: options.clientId, use_mtls_endpoint_aliases: isMutualTls(method) };
  const assertionAudience = (metadata: ServerMetadata) =>
    options.assertionAudience ?? (server.issuer === undefined ? String(metadata.token_endpoint) : metadata.issuer);

  return {
    server,
    clientId: options.clientId,
    now: options.now ?? Date.now,
    wait: options.wait ?? wait,
    registerSecret,
    assertionAudience,
    async call(endpoint, signal, send) {
      const as = await server.metadata(signal);
      const url = server.endpoint(as, endpoint, isMutualTls(method));
      const given = await proof(assertionAudience(as));
      const auth = anonymous ? () => undefined : registering(clientAuth(method, given), registerSecret);
      const sendWith = (fetchWith: typeof fetch) =>
        send({
          as,
          client,
          auth,
          options: { [customFetch]: fetchWith, [allowInsecureRequests]: url.protocol === 'http:', signal },
        });
      return callEndpoint(url, signal, sendWith, options);
    },
  };
}

type Register = OAuthClient['registerSecret'];

/** What a client proves itself with; functions are asked for every request. */
function proofSource(options: OAuthClientOptions, register: Register): (audience: string) => Promise<ClientProof> {
  const { clientSecret = () => '', basicEncoding } = options;
  const check = options.clientSecret === undefined ? () => undefined : assertClientSecret;
  register('clientSecret', givenSecret(clientSecret, 'the client secret', check));
  const key = keySource(options, register);
  return async (audience) => {
    const secret = await askSecret(clientSecret, 'the client secret', check);
    register('clientSecret', secret);
    return { secret, key: await key?.(), basicEncoding, audience };
  };
}

function keySource(options: OAuthClientOptions, register: Register): SigningKeySource | undefined {
  const { clientKey, clientKeyId: keyId, clientKeyAlgorithm: algorithm } = options;
  if (clientKey === undefined) return undefined;
  return signingKey(clientKey, 'the client key', (text) => register('clientKey', text), { keyId, algorithm });
}

/** An assertion is a secret while it lives, which is a minute; in base64 the client's secret looks like no secret. */
function registering(auth: ClientAuth, register: Register): ClientAuth {
  return async (as, client, body, headers) => {
    await auth(as, client, body, headers);
    register('clientAssertion', body.get('client_assertion') ?? undefined);
    register('clientCredentials', headers.get('authorization')?.replace(/^Basic /, ''));
  };
}
