/**
 * The service catalogue of a token: which services there are, and where. It comes from a server, so nothing in it is
 * taken on trust.
 */

import { ownProperty } from '../key-path.ts';
import { withoutSlashes } from '../oauth/without-slashes.ts';

/** One endpoint of one service. */
export interface CatalogEndpoint {
  /** Such as `compute` or `object-store`. */
  readonly serviceType: string;
  /** Such as `nova`; for people. */
  readonly serviceName: string | undefined;
  /** `public`, `internal` or `admin`. */
  readonly interface: string;
  /** `undefined` where the catalogue names none. */
  readonly region: string | undefined;
  /** Absolute, http or https, without a slash at its end. */
  readonly url: string;
}

export type Catalog = readonly CatalogEndpoint[];

/** A large cloud has some hundred endpoints. */
const MOST_ENDPOINTS = 5000;
const LONGEST_URL = 2048;

/**
 * Reads `token.catalog`. What cannot be an endpoint is left out, and so is what comes after the first 5,000; without a
 * catalogue the list is empty.
 */
export function readCatalog(value: unknown): Catalog {
  const endpoints = list(value).flatMap((service) => {
    const serviceType = text(service, 'type');
    if (serviceType === undefined) return [];
    const serviceName = text(service, 'name');
    return list(ownProperty(service, 'endpoints')).flatMap((endpoint) => {
      const [face, url] = [text(endpoint, 'interface'), endpointAddress(text(endpoint, 'url'))];
      const region = text(endpoint, 'region_id') ?? text(endpoint, 'region');
      if (face === undefined || url === undefined) return [];
      return [Object.freeze({ serviceType, serviceName, interface: face, region, url })];
    });
  });
  return endpoints.slice(0, MOST_ENDPOINTS);
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function text(value: unknown, key: string): string | undefined {
  const found = ownProperty(value, key);
  return typeof found === 'string' && found !== '' ? found : undefined;
}

/** With a user name it would send other credentials than ours. */
function endpointAddress(value: string | undefined): string | undefined {
  if (value === undefined || value.length > LONGEST_URL) return undefined;
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '')
    return undefined;
  return withoutSlashes(url.href);
}
