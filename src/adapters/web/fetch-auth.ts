import type { Authenticator } from '../../lifecycle/contract.ts';
import { httpUrl } from '../../lifecycle/origins.ts';
import { type AdapterOptions, adapterShape, wire } from '../../lifecycle/wiring.ts';
import { func, readOptions, type Shape } from '../../options.ts';
import { type AuthFetch, authenticatedFetch, type FetchContext } from './authenticated-fetch.ts';
import type { AnyFetch, FetchLike } from './parts.ts';
import { globalFetch } from './platform.ts';

/** Options of {@link fetchAuth}. */
export interface FetchAuthOptions extends AdapterOptions {
  /**
   * The base URL of the API, absolute. It binds the credential to its origin, and relative URLs are resolved against it
   * as the URL standard does: `reports` with `https://api.example.com/v1/` becomes
   * `https://api.example.com/v1/reports`. Default: none.
   */
  readonly baseUrl?: string | URL;
  /** The fetch to send with: undici's, node-fetch's, a mock. Default: the global one, looked up at each call. */
  readonly fetch?: AnyFetch;
}

const SHAPE: Shape<FetchAuthOptions> = {
  ...adapterShape,
  fetch: func,
  baseUrl: { wanted: 'an absolute http(s) URL', test: (value) => toBase(value as string) !== undefined },
};

function toBase(url: string | URL): URL | undefined {
  return httpUrl(url, globalThis.location?.href);
}

/** `fetchAuth`, with calls that can do what the platform needs. */
export function wrapFetch(
  authenticator: Authenticator,
  options: FetchAuthOptions | undefined,
  Call: FetchContext['Call'],
): AuthFetch {
  // Not taken apart with `...`, which would give the rest a prototype.
  const read = readOptions('fetchAuth', options, SHAPE);
  const { fetch = globalFetch, baseUrl } = read;
  const wiring = wire('fetchAuth', authenticator, read);
  const base = baseUrl === undefined ? undefined : toBase(baseUrl);
  return authenticatedFetch(wiring, fetch as FetchLike, { Call, base: base?.href, home: base?.origin });
}
