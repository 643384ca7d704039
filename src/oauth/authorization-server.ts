/**
 * Where an authorization server is: its issuer, which says the rest, or its endpoints.
 */

import { ConfigurationError } from '../errors.ts';
import { ownProperty } from '../key-path.ts';
import { type DiscoveryOptions, discovery, type ServerMetadata } from './discovery.ts';
import { endpointUrl } from './endpoint-url.ts';
import type { IdTokenClaims } from './id-token.ts';
import { snakeCase } from './snake-case.ts';

/** How ID tokens are validated where the server's configuration does not say it. */
export interface IdTokenOptions {
  /** Where the keys are that sign ID tokens. Default: the `jwks_uri` of the configuration. */
  readonly jwksUri?: string | URL;
  /**
   * Who issues ID tokens. In text, `{tenantid}` stands for the token's own `tid`. A function gets the `iss` and all claims of
   * a token whose signature is valid, and returns whether it is trusted. Default: the `issuer` of the configuration.
   */
  readonly idTokenIssuer?: string | ((issuer: string, claims: IdTokenClaims) => boolean | Promise<boolean>);
}

/** An authorization server by its name: the endpoints are discovered. */
export interface IssuerOptions extends Partial<Record<EndpointOption, never>>, IdTokenOptions {
  /**
   * The issuer identifier, exactly as the server writes it: https, or http on this machine. Its configuration is found
   * by RFC 8414 or OpenID Connect Discovery. The URL of a `.well-known` document counts as `metadataUrl`.
   */
  readonly issuer: string;
  readonly metadataUrl?: never;
}

/** An authorization server by the URL of its configuration, whatever issuer that names. */
export interface MetadataOptions extends Partial<Record<EndpointOption, never>>, IdTokenOptions {
  /** The URL of the configuration (RFC 8414, OpenID Connect Discovery). */
  readonly metadataUrl: string | URL;
  readonly issuer?: never;
}

/** An authorization server by its endpoints: https, or http on loopback. */
export interface EndpointOptions extends IdTokenOptions {
  readonly issuer?: never;
  readonly metadataUrl?: never;
  /** The token endpoint (RFC 6749 §3.2). */
  readonly tokenEndpoint: string | URL;
  /** The authorization endpoint (RFC 6749 §3.1). Default: none. */
  readonly authorizationEndpoint?: string | URL;
  /** The pushed authorization request endpoint (RFC 9126). Default: none. */
  readonly pushedAuthorizationRequestEndpoint?: string | URL;
  /** The device authorization endpoint (RFC 8628 §3.1). Default: none. */
  readonly deviceAuthorizationEndpoint?: string | URL;
  /** The revocation endpoint (RFC 7009). Default: none. */
  readonly revocationEndpoint?: string | URL;
  /** The introspection endpoint (RFC 7662). Default: none. */
  readonly introspectionEndpoint?: string | URL;
}

/** An authorization server, by its issuer, by its configuration or by its endpoints. */
export type ServerOptions = IssuerOptions | MetadataOptions | EndpointOptions;

/** The endpoints as the options name them. */
export const ENDPOINTS = [
  'tokenEndpoint',
  'authorizationEndpoint',
  'pushedAuthorizationRequestEndpoint',
  'deviceAuthorizationEndpoint',
  'revocationEndpoint',
  'introspectionEndpoint',
] as const;

/** An endpoint as the options name it. */
export type EndpointOption = (typeof ENDPOINTS)[number];

/** What is known of an authorization server. */
export interface AuthorizationServer {
  /** Given, or discovered; the signal ends the wait. */
  metadata(signal?: AbortSignal): Promise<ServerMetadata>;
  /** The issuer or the URL of the configuration, where one was given: that says who signs ID tokens. */
  readonly issuer: string | undefined;
  /** The token endpoint as given, or the issuer: what tells this server from others. */
  readonly name: string;
  /**
   * The URL of an endpoint.
   *
   * @param mtls - Prefer the alias for clients with a certificate (RFC 8705 §5).
   * @throws {@link ConfigurationError} when the server has none, or one that must not be used.
   */
  endpoint(metadata: ServerMetadata, option: EndpointOption, mtls?: boolean): URL;
  /**
   * Where the keys are that sign ID tokens.
   *
   * @throws {@link ConfigurationError} as `endpoint` does.
   */
  keys(metadata: ServerMetadata): URL;
}

/**
 * Checks where the server is, before any I/O.
 *
 * @param tries - Requests for its configuration while faults pass. Default: 3.
 * @throws {@link ConfigurationError} naming the option that is missing, wrong or contradictory.
 */
export function authorizationServer(options: ServerOptions & DiscoveryOptions, tries?: number): AuthorizationServer {
  const given = ENDPOINTS.filter((option) => options[option] !== undefined);
  const { issuer: named, metadataUrl, allowInsecureRequests } = options;
  const issuer = named ?? (metadataUrl && `${metadataUrl}`);
  if (issuer === undefined) return serverByEndpoints(options as EndpointOptions, given);
  const contradiction = (named && metadataUrl && 'metadataUrl') || given[0];
  if (contradiction !== undefined) {
    throw new ConfigurationError(`option '${contradiction}' contradicts option 'issuer': give one of them.`, {
      option: contradiction,
    });
  }
  // What an https issuer names must be https as well, wherever it is.
  const mayBeHttp = allowInsecureRequests === true || !/^https:/i.test(issuer);
  const discovered = (said: unknown, name: string, option?: EndpointOption) => {
    if (typeof said !== 'string') return missing(name, 'its configuration names none', option);
    const url = usableUrl(said, allowInsecureRequests);
    if (url?.protocol === 'https:' || (url && mayBeHttp)) return url;
    throw new ConfigurationError(`The metadata of the issuer has a '${name}' that is not https or holds a user name.`, {
      option: 'issuer',
    });
  };
  return {
    issuer,
    name: issuer,
    metadata: discovery(issuer, options, tries, metadataUrl !== undefined || issuer.includes('/.well-known/')),
    endpoint(metadata, option, mtls = false) {
      const name = snakeCase(option);
      const alias = mtls ? ownProperty(ownProperty(metadata, 'mtls_endpoint_aliases'), name) : undefined;
      return discovered(alias ?? ownProperty(metadata, name), name, option);
    },
    keys: (metadata) => discovered(ownProperty(metadata, 'jwks_uri'), 'jwks_uri'),
  };
}

function serverByEndpoints(
  options: EndpointOptions & DiscoveryOptions,
  given: readonly EndpointOption[],
): AuthorizationServer {
  if (options.tokenEndpoint === undefined) {
    throw new ConfigurationError("option 'issuer' or 'tokenEndpoint' is missing.", {
      option: 'issuer',
    });
  }
  const urls = new Map(
    given.map((option) => [option, endpointUrl(options[option] ?? '', option, options.allowInsecureRequests)]),
  );
  const { href, origin } = urls.get('tokenEndpoint') as URL;
  const endpoints = [...urls].map(([option, url]) => [snakeCase(option), url.href]);
  const metadata: ServerMetadata = { issuer: origin, ...Object.fromEntries(endpoints) };
  return {
    issuer: undefined,
    name: href,
    metadata: async () => metadata,
    endpoint: (_metadata, option) =>
      urls.get(option) ?? missing(snakeCase(option), `give it in option '${option}'`, option),
    keys: () => missing('jwks_uri', "give option 'issuer'"),
  };
}

function usableUrl(said: string, allowInsecureRequests: boolean | undefined): URL | undefined {
  try {
    return endpointUrl(said, 'issuer', allowInsecureRequests);
  } catch {
    return undefined;
  }
}

function missing(name: string, hint: string, option = 'issuer'): never {
  throw new ConfigurationError(`The authorization server has no ${name.replaceAll('_', ' ')}: ${hint}.`, { option });
}
