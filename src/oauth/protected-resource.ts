/**
 * OAuth 2.0 Protected Resource Metadata (RFC 9728): an API in, the authorization server that it trusts out.
 */

import { ChallengeError, ConfigurationError } from '../errors.ts';
import { either, flag, func, readOptions, type Shape, texts } from '../options.ts';
import { printable } from '../secrets/printable.ts';
import type { EndpointCallOptions } from './call-endpoint.ts';
import { endpointUrl } from './endpoint-url.ts';
import { callShape } from './option-shapes.ts';
import { isPrivateHost } from './private-address.ts';
import { resourceMetadataUrl } from './token-challenge.ts';
import { readBody } from './token-response.ts';
import { lookUp } from './well-known.ts';
import { withoutSlashes } from './without-slashes.ts';

/** Options of {@link discoverProtectedResource}. */
export interface ProtectedResourceOptions extends EndpointCallOptions {
  /**
   * Whom you would trust with your credentials: issuers, or a function that is asked about each one that the API names,
   * in its order. Without this a server that you call could choose who learns your secret.
   */
  readonly authorizationServers: readonly string[] | ((issuer: string) => boolean | Promise<boolean>);
  /** The `WWW-Authenticate` of a refusal, which may say where the metadata is. Default: in its well-known place. */
  readonly challenge?: string | readonly string[] | null;
  /** Other origins where the metadata may be. Default: at the API's own only. */
  readonly metadataOrigins?: readonly string[];
  /** Allows http to other machines. Default: `false`. */
  readonly allowInsecureRequests?: boolean;
}

const SHAPE: Shape<ProtectedResourceOptions> = {
  ...callShape,
  authorizationServers: either(texts, func),
  challenge: { ...either(texts, { wanted: 'null', test: (value) => value === null }) },
  metadataOrigins: texts,
  allowInsecureRequests: flag,
};

/** How many authorization servers an error names. */
const MAX_NAMED = 5;

/** What an API says of itself, checked. */
export interface ProtectedResource {
  /** The resource identifier, for option `resource` of a grant (RFC 8707). */
  readonly resource: string;
  /** The authorization server, for option `issuer` of a grant. */
  readonly issuer: string;
  /** The scopes that the API knows of; empty if it does not say. */
  readonly scopesSupported: readonly string[];
  /** Does the API take DPoP tokens only? */
  readonly dpopRequired: boolean;
}

/**
 * Asks an API who gives tokens for it. Only an authorization server that you have allowed is ever returned.
 *
 * @param url - Where the API is called.
 * @example
 * const { issuer, resource } = await discoverProtectedResource('https://api.example.com/v1/reports', {
 *   authorizationServers: ['https://login.example.com'],
 * });
 * const auth = new AuthOAuth2(clientCredentials({ issuer, resource, clientId, clientSecret }));
 * @throws {@link ConfigurationError} for options that are wrong, {@link ChallengeError} for metadata that must not be
 * trusted, {@link TokenEndpointError} when there is none.
 */
export async function discoverProtectedResource(
  url: string | URL,
  given: ProtectedResourceOptions,
): Promise<ProtectedResource> {
  const options = readOptions('discoverProtectedResource', given, SHAPE);
  const api = endpointUrl(url, 'url', options.allowInsecureRequests);
  const { authorizationServers } = options;
  if (!Array.isArray(authorizationServers) && typeof authorizationServers !== 'function') {
    throw new ConfigurationError(
      "option 'authorizationServers' names the issuers that you trust, or is a function that is asked about one.",
      { option: 'authorizationServers' },
    );
  }
  const places = metadataPlaces(api, options);
  const metadata = await lookUp({ places, wanted: 'protected resource metadata', read: readBody }, options);
  const own = (name: string) => (Object.hasOwn(metadata, name) ? metadata[name] : undefined);
  return {
    resource: checkResource(own('resource'), api),
    issuer: await chooseIssuer(textsIn(own('authorization_servers')), api, options),
    scopesSupported: textsIn(own('scopes_supported')),
    dpopRequired: own('dpop_bound_access_tokens_required') === true,
  };
}

/** Where the challenge says, else between host and path (RFC 9728 §3.1), else for the whole host. */
function metadataPlaces(api: URL, options: ProtectedResourceOptions): readonly URL[] {
  const said = resourceMetadataUrl(options.challenge);
  if (said !== undefined) return [metadataUrl(said, api, options)];
  const wellKnown = `${api.origin}/.well-known/oauth-protected-resource`;
  const path = withoutSlashes(api.pathname);
  return [...new Set([wellKnown + path + api.search, wellKnown])].map((place) => new URL(place));
}

/** A server that you call must not make you call others, least of all those that only you can reach. */
function metadataUrl(said: string, api: URL, options: ProtectedResourceOptions): URL {
  const url = usable(said, options);
  const { metadataOrigins = [] } = options;
  if (url !== undefined && (url.origin === api.origin || metadataOrigins.includes(url.origin))) return url;
  throw new ChallengeError(
    `${api.origin} has its metadata at '${printable(said)}', which is not its own origin. If that is right, allow it in ` +
      "option 'metadataOrigins'.",
  );
}

/** RFC 9728 §3.3: metadata of another resource could have been planted. */
function checkResource(said: unknown, api: URL): string {
  const url = typeof said === 'string' && URL.canParse(said) ? new URL(said) : undefined;
  if (typeof said === 'string' && url !== undefined && covers(url, api)) return said;
  const found = typeof said === 'string' ? `'${printable(said)}'` : 'nothing';
  throw new ChallengeError(
    `The metadata for ${api.origin}${api.pathname} describes ${found}: it must be that URL, or one that it starts with.`,
  );
}

/** The same origin, and a path that ends where a segment of the other one ends. */
function covers(resource: URL, api: URL): boolean {
  if (resource.origin !== api.origin || resource.hash !== '' || resource.username !== '') return false;
  if (resource.search !== '') return resource.search === api.search && resource.pathname === api.pathname;
  const path = resource.pathname.replace(/\/$/, '');
  return api.pathname === path || api.pathname.startsWith(`${path}/`);
}

async function chooseIssuer(named: readonly string[], api: URL, options: ProtectedResourceOptions): Promise<string> {
  const { authorizationServers } = options;
  for (const issuer of named) {
    if (Array.isArray(authorizationServers) && authorizationServers.includes(issuer)) return issuer;
    if (typeof authorizationServers !== 'function' || !isPresentable(issuer, api, options)) continue;
    if ((await authorizationServers(issuer)) === true) return issuer;
  }
  const list = named.slice(0, MAX_NAMED).map((issuer) => `'${printable(issuer)}'`);
  throw new ChallengeError(
    `${api.origin} names no authorization server that option 'authorizationServers' allows; it names ${list.join(', ') || 'none'}.`,
  );
}

/** Somebody who is asked should not have to know about addresses. */
function isPresentable(issuer: string, api: URL, options: ProtectedResourceOptions): boolean {
  const url = usable(issuer, options);
  return url !== undefined && (isPrivateHost(api.hostname) || !isPrivateHost(url.hostname));
}

function usable(text: string, { allowInsecureRequests }: ProtectedResourceOptions): URL | undefined {
  try {
    return endpointUrl(text, 'challenge', allowInsecureRequests);
  } catch {
    return undefined;
  }
}

function textsIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((text): text is string => typeof text === 'string') : [];
}
