/**
 * Authorization server metadata (RFC 8414, OpenID Connect Discovery 1.0): an issuer in, its configuration out.
 */

import type { AuthorizationServer as ServerMetadata } from 'oauth4webapi';
import { ConfigurationError } from '../errors.ts';
import { printableName } from '../secrets/printable.ts';
import { Clock, type Instant } from '../tokens/clock.ts';
import type { EndpointCallOptions } from './call-endpoint.ts';
import { endpointUrl } from './endpoint-url.ts';
import { readBody, type TokenResponse } from './token-response.ts';
import { untilAborted } from './until-aborted.ts';
import { lookUp } from './well-known.ts';
import { withoutSlashes } from './without-slashes.ts';

export type { ServerMetadata };

export interface DiscoveryOptions extends EndpointCallOptions {
  /** Allows http to other machines. Default: `false`. */
  readonly allowInsecureRequests?: boolean;
}

/** How long a configuration is kept, in milliseconds: what the server says, but within these bounds. */
const LIFETIME_MS = { default: 3_600_000, least: 60_000, most: 86_400_000 };

/** Gives the configuration, or stops to wait for it when the signal aborts. */
export type Discovery = (signal?: AbortSignal) => Promise<ServerMetadata>;

/**
 * The configuration of an issuer, or that at a URL: asked for once for everybody who waits, and kept for its lifetime. One that cannot be
 * renewed goes on to count.
 *
 * @param isPlace - `issuer` is the URL of the configuration, which may name any issuer. Default: `false`.
 * @throws {@link ConfigurationError} for an issuer that cannot be one; as a rejection also for a server that says it is
 * another. {@link TokenEndpointError} (as a rejection) when the metadata cannot be read.
 */
export function discovery(issuer: string, options: DiscoveryOptions = {}, tries?: number, isPlace = false): Discovery {
  const places = isPlace
    ? [endpointUrl(issuer, 'metadataUrl', options.allowInsecureRequests)]
    : wellKnownUrls(issuer, options.allowInsecureRequests);
  const empty = new Set<URL>();
  const clock = new Clock(options);
  let known: { readonly metadata: ServerMetadata; readonly until: Instant } | undefined;
  let running: Promise<ServerMetadata> | undefined;

  async function renew(): Promise<ServerMetadata> {
    try {
      const { metadata, lifetimeMs } = await lookUp(
        { places, wanted: 'configuration', empty, read: (response) => read(response, isPlace ? undefined : issuer) },
        options,
        // What is known goes on to count.
        known === undefined ? tries : 1,
      );
      known = { metadata, until: clock.after(lifetimeMs) };
      return metadata;
    } catch (error) {
      if (known === undefined || error instanceof ConfigurationError) throw error;
      known = { ...known, until: clock.after(LIFETIME_MS.least) };
      return known.metadata;
    } finally {
      running = undefined;
    }
  }

  return async (signal) => {
    if (known !== undefined && !clock.reached(known.until)) return known.metadata;
    running ??= renew();
    return untilAborted(running, signal, 'The configuration of the issuer');
  };
}

/**
 * Where the configuration may be, in the order in which it is looked for: behind the issuer (OpenID Connect), and
 * between its host and its path (RFC 8414 §3.1 and §5).
 */
function wellKnownUrls(issuer: string, allowInsecureRequests: boolean | undefined): readonly URL[] {
  const url = endpointUrl(issuer, 'issuer', allowInsecureRequests);
  if (url.search !== '' || url.hash !== '' || /[?#]/.test(issuer)) {
    throw new ConfigurationError("option 'issuer' must have neither query nor fragment (RFC 8414 §2).", {
      option: 'issuer',
    });
  }
  const path = withoutSlashes(url.pathname);
  const places = [
    `${path}/.well-known/openid-configuration`,
    `/.well-known/oauth-authorization-server${path}`,
    `/.well-known/openid-configuration${path}`,
  ];
  return [...new Set(places)].map((place) => new URL(url.origin + place));
}

interface Discovered {
  readonly metadata: ServerMetadata;
  readonly lifetimeMs: number;
}

function read(response: TokenResponse, issuer: string | undefined): Discovered {
  const metadata = readBody(response) as unknown as ServerMetadata;
  const said: unknown = Object.hasOwn(metadata, 'issuer') ? metadata.issuer : undefined;
  if (issuer !== undefined && said !== issuer) {
    const found = typeof said === 'string' ? `'${printableName(said)}'` : 'missing';
    throw new ConfigurationError(
      `option 'issuer' is '${printableName(issuer)}', but in ${response.endpoint} it is ${found}. Both must be equal ` +
        "(RFC 8414 §3.3), or give 'metadataUrl'.",
      { option: 'issuer' },
    );
  }
  return { metadata, lifetimeMs: lifetimeOf(response) };
}

function lifetimeOf({ headers }: TokenResponse): number {
  const control = headers.get('cache-control') ?? '';
  if (/\bno-(?:store|cache)\b/i.test(control)) return LIFETIME_MS.least;
  const seconds = /\bmax-age=(\d{1,10})\b/i.exec(control)?.[1];
  if (seconds === undefined) return LIFETIME_MS.default;
  return Math.min(Math.max(Number(seconds) * 1000, LIFETIME_MS.least), LIFETIME_MS.most);
}
