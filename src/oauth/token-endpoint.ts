/**
 * A token request by RFC 6749: parameters in a form, one client authentication, an answer read leniently.
 */

import { allowInsecureRequests, customFetch, genericTokenEndpointRequest } from 'oauth4webapi';
import { askSecret, givenSecret } from '../ask-secret.ts';
import { ConfigurationError } from '../errors.ts';
import type { Demand, Token } from '../tokens/token.ts';
import { callEndpoint, type EndpointCallOptions } from './call-endpoint.ts';
import { assertClientSecret, type ClientOptions, clientAuth, clientAuthentication } from './client-authentication.ts';
import { endpointUrl } from './endpoint-url.ts';
import { secretRegistrar } from './registered-secrets.ts';
import { scopeUnion } from './scope.ts';
import { storeKey } from './store-key.ts';
import { type TokenResponseOptions, tokenReader } from './token-response.ts';

/** Options of every grant. */
export interface TokenEndpointOptions extends ClientOptions, TokenResponseOptions, EndpointCallOptions {
  /** https, or http on this machine. */
  readonly tokenEndpoint: string | URL;
  /** The scope to ask for: names, or one text with spaces between them. Default: what the server gives by itself. */
  readonly scope?: string | readonly string[];
  /** The API that the token is for, as some servers want it. */
  readonly audience?: string;
  /** The resources that the token is for (RFC 8707). */
  readonly resource?: string | readonly string[];
  /** More parameters of the token request. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Allows http to other machines: whoever is on the way reads the secrets. Default: `false`. */
  readonly allowInsecureRequests?: boolean;
}

/** What one grant adds to a token request. */
export interface GrantRequest {
  readonly grantType: string;
  readonly parameters?: Readonly<Record<string, string>>;
  /** The whole scope of this request. Empty: none is sent. */
  readonly scope?: readonly string[];
  readonly demand?: Demand | undefined;
  readonly signal: AbortSignal;
}

/** Makes token requests of one client. */
export interface TokenEndpoint {
  /** @throws {@link TokenEndpointError} */
  request(grant: GrantRequest): Promise<Token>;
  /** Registers a secret of this client with the credential filter. */
  registerSecret(key: string, value: string | undefined): void;
  /**
   * Whose tokens these are: endpoint, client, scope, audience, resources and, with some grants, a user. Unknown with
   * `parameters`, which may mean anything: then a store needs a key from its user.
   */
  storeKey(user?: string): string | undefined;
}

const RESERVED = ['grant_type', 'client_id', 'client_secret', 'refresh_token', 'username', 'password'];

/**
 * Checks the options before any I/O.
 *
 * @param name - The grant, for the credential filter's keys.
 * @throws {@link ConfigurationError} naming the option, {@link CredentialError} for a secret that cannot be sent.
 */
export function tokenEndpoint(name: string, options: TokenEndpointOptions): TokenEndpoint {
  const url = endpointUrl(options.tokenEndpoint, 'tokenEndpoint', options.allowInsecureRequests);
  const method = clientAuthentication(options);
  const read = tokenReader(options);
  const common = commonParameters(options);
  const registerSecret = secretRegistrar(name);
  const { clientSecret = () => '' } = options;
  const checkSecret = options.clientSecret === undefined ? () => undefined : assertClientSecret;
  registerSecret('clientSecret', givenSecret(clientSecret, 'the client secret', checkSecret));

  async function request(grant: GrantRequest): Promise<Token> {
    const secret = await askSecret(clientSecret, 'the client secret', checkSecret);
    registerSecret('clientSecret', secret);
    const as = { issuer: url.origin, token_endpoint: url.href };
    const client = { client_id: options.clientId };
    const auth = clientAuth(method, secret, options.basicEncoding);
    const parameters = withGrant(common, grant);
    const send = (fetchWith: typeof fetch) =>
      genericTokenEndpointRequest(as, client, auth, grant.grantType, parameters, {
        [customFetch]: fetchWith,
        [allowInsecureRequests]: url.protocol === 'http:',
        signal: grant.signal,
      });
    const token = read(await callEndpoint(url, grant.signal, send, options));
    const asked = grant.scope ?? [];
    return token.scope !== undefined || asked.length === 0 ? token : { ...token, scope: asked };
  }

  return {
    request,
    registerSecret,
    storeKey(user) {
      if (Object.keys(options.parameters ?? {}).length > 0) return undefined;
      const scope = scopeUnion(options.scope).sort();
      const resource = [options.resource ?? []].flat();
      return storeKey(name, url.href, options.clientId, user, scope, options.audience, resource);
    },
  };
}

function commonParameters(options: TokenEndpointOptions): URLSearchParams {
  const reserved = RESERVED.find((name) => Object.hasOwn(options.parameters ?? {}, name));
  if (reserved !== undefined) {
    throw new ConfigurationError(`option 'parameters' must not hold '${reserved}': it has an option of its own.`, {
      option: 'parameters',
    });
  }
  const parameters = new URLSearchParams({ ...options.parameters });
  if (options.audience !== undefined) parameters.set('audience', options.audience);
  for (const resource of [options.resource ?? []].flat()) parameters.append('resource', resource);
  return parameters;
}

function withGrant(common: URLSearchParams, grant: GrantRequest): URLSearchParams {
  const parameters = new URLSearchParams(common);
  for (const [name, value] of Object.entries(grant.parameters ?? {})) parameters.set(name, value);
  if (grant.scope !== undefined && grant.scope.length > 0) parameters.set('scope', grant.scope.join(' '));
  if (grant.demand?.claims !== undefined) parameters.set('claims', grant.demand.claims);
  return parameters;
}
