/**
 * The authorization request (RFC 6749 §4.1.1) with PKCE (RFC 7636), pushed where that is wanted (RFC 9126).
 */

import {
  calculatePKCECodeChallenge,
  generateRandomCodeVerifier,
  generateRandomNonce,
  generateRandomState,
} from 'oauth4webapi';
import { ConfigurationError } from '../errors.ts';
import type { Demand } from '../tokens/token.ts';
import type { OAuthClient } from './client.ts';
import type { ServerMetadata } from './discovery.ts';
import { scopeUnion } from './scope.ts';
import { ownParameters, type TokenRequestOptions, withTargets } from './token-endpoint.ts';
import { malformed, readBody, text } from './token-response.ts';

/** Parameters of the authorization request. */
export interface AuthorizationRequestOptions extends Pick<TokenRequestOptions, 'scope' | 'audience' | 'resource'> {
  /**
   * `none`, `login`, `consent`, `select_account`, separated by spaces (OpenID Connect Core §3.1.2.1). Default: none.
   */
  readonly prompt?: string;
  /** The user that the login page should expect. Default: none. */
  readonly loginHint?: string;
  /** The accepted authentication context classes, separated by spaces. Default: none. */
  readonly acrValues?: string;
  /**
   * How long ago the user may have authenticated, in milliseconds. The ID token must then state when that was. Default:
   * no limit.
   */
  readonly maxAgeMs?: number;
  /** More parameters of the authorization request. Default: none. */
  readonly authorizationParameters?: Readonly<Record<string, string>>;
  /**
   * Pushes the request to the server and sends the browser a reference only (RFC 9126). Default: if the server requires
   * it.
   */
  readonly pushAuthorizationRequest?: boolean;
}

/** What one flow has made up for itself, and is to be found again in what comes back. */
export interface AuthorizationFlow {
  readonly redirectUri: string;
  /** How the answer comes (OAuth 2.0 Form Post Response Mode). */
  readonly responseMode: 'query' | 'form_post';
  readonly state: string;
  readonly codeVerifier: string;
  /** Where scope `openid` is asked for. */
  readonly nonce: string | undefined;
  readonly maxAgeMs: number | undefined;
}

/** Where to send the browser. */
export interface AuthorizationUrl {
  readonly url: URL;
  /** When a pushed request ends, in milliseconds since the epoch. */
  readonly expiresAt?: number;
}

const RESERVED = ['response_type', 'response_mode', 'client_id', 'redirect_uri', 'state', 'nonce'].concat(
  ['code_challenge', 'code_challenge_method', 'request', 'request_uri', 'scope'],
  ['client_secret', 'client_assertion', 'client_assertion_type'],
);

/** @throws {@link ConfigurationError} for parameters that are not the user's to set. */
export function assertAuthorizationParameters(options: AuthorizationRequestOptions): void {
  ownParameters(options.authorizationParameters, 'authorizationParameters', RESERVED);
  const { maxAgeMs } = options;
  if (maxAgeMs === undefined || maxAgeMs >= 0) return;
  throw new ConfigurationError("option 'maxAgeMs' takes milliseconds, 0 or more.", { option: 'maxAgeMs' });
}

/** A new flow: nothing in it has been used before. The verifier has 43 characters, 256 bits. */
export function newFlow(
  { redirectUri, readsForms }: { readonly redirectUri: string; readonly readsForms: boolean },
  options: AuthorizationRequestOptions,
  demand: Demand | undefined,
  { response_modes_supported: modes }: ServerMetadata,
): AuthorizationFlow {
  // A form leaves the code in no history, no log and no referrer.
  const isForm = readsForms && Array.isArray(modes) && modes.includes('form_post');
  const openid = scopeUnion(options.scope, demand?.scope).includes('openid');
  return {
    redirectUri,
    responseMode: isForm ? 'form_post' : 'query',
    state: generateRandomState(),
    codeVerifier: generateRandomCodeVerifier(),
    nonce: openid ? generateRandomNonce() : undefined,
    maxAgeMs: smaller(options.maxAgeMs, demand?.maxAgeMs),
  };
}

function smaller(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
}

/**
 * The URL for the browser.
 *
 * @throws {@link ConfigurationError} when the server knows no S256; {@link TokenEndpointError} when it refuses a pushed
 * request.
 */
export async function authorizationUrl(
  client: OAuthClient,
  flow: AuthorizationFlow,
  options: AuthorizationRequestOptions,
  demand: Demand | undefined,
  signal: AbortSignal,
): Promise<AuthorizationUrl> {
  const metadata = await client.server.metadata(signal);
  assertS256(metadata);
  const url = client.server.endpoint(metadata, 'authorizationEndpoint');
  const parameters = await parametersOf(client.clientId, flow, options, demand);
  if (!(options.pushAuthorizationRequest ?? metadata.require_pushed_authorization_requests === true)) {
    return { url: withParameters(url, parameters) };
  }
  const { requestUri, expiresAt } = await push(client, parameters, signal);
  const reference = new URLSearchParams({ client_id: client.clientId, request_uri: requestUri });
  return { url: withParameters(url, reference), ...(expiresAt !== undefined && { expiresAt }) };
}

/** RFC 9700 §2.1.1: a server that says what it knows must know S256. One that says nothing may. */
function assertS256({ code_challenge_methods_supported: known }: ServerMetadata): void {
  if (known === undefined || (Array.isArray(known) && known.includes('S256'))) return;
  throw new ConfigurationError(
    'The authorization server does not know the PKCE method S256 (RFC 7636): without it nothing protects the code.',
    { option: 'issuer' },
  );
}

async function parametersOf(
  clientId: string,
  flow: AuthorizationFlow,
  options: AuthorizationRequestOptions,
  demand: Demand | undefined,
): Promise<URLSearchParams> {
  const parameters = withTargets(new URLSearchParams({ ...options.authorizationParameters }), options);
  const own = {
    response_type: 'code',
    response_mode: flow.responseMode === 'form_post' ? 'form_post' : undefined,
    client_id: clientId,
    redirect_uri: flow.redirectUri,
    scope: scopeUnion(options.scope, demand?.scope).join(' ') || undefined,
    state: flow.state,
    nonce: flow.nonce,
    code_challenge: await calculatePKCECodeChallenge(flow.codeVerifier),
    code_challenge_method: 'S256',
    prompt: options.prompt,
    login_hint: options.loginHint,
    acr_values: demand?.acrValues ?? options.acrValues,
    max_age: flow.maxAgeMs === undefined ? undefined : String(Math.floor(flow.maxAgeMs / 1000)),
    claims: demand?.claims,
  };
  for (const [name, value] of Object.entries(own)) if (value !== undefined) parameters.set(name, value);
  return parameters;
}

/** The query that the endpoint has by itself stays (RFC 6749 §3.1). */
function withParameters(endpoint: URL, parameters: URLSearchParams): URL {
  const url = new URL(endpoint);
  for (const name of new Set(parameters.keys())) url.searchParams.delete(name);
  for (const [name, value] of parameters) url.searchParams.append(name, value);
  return url;
}

/** The client proves itself here, so that nobody else can push in its name. */
async function push(client: OAuthClient, parameters: URLSearchParams, signal: AbortSignal) {
  const answer = await client.post('pushedAuthorizationRequestEndpoint', { form: parameters, signal });
  const response = { ...answer, wanted: 'request_uri' };
  const { request_uri: requestUri, expires_in: expiresIn }: Readonly<Record<string, unknown>> = readBody(response);
  if (text(requestUri) === undefined) throw malformed(response, "it has no 'request_uri'");
  const expiresAt = typeof expiresIn === 'number' ? response.receivedAt + expiresIn * 1000 : undefined;
  return { requestUri: requestUri as string, expiresAt };
}
