import { isConfidential } from '../lifecycle/origins.ts';
import { isYes } from '../lifecycle/promises.ts';
import type { Catalog, CatalogEndpoint } from './catalog.ts';
import { refuse } from './options.ts';
import { serviceTypes } from './service-types.ts';

/** Which endpoints of the catalogue may get the token: types of service, or a function that says so with `true`. */
export type AllowEndpoints = readonly string[] | ((endpoint: CatalogEndpoint) => boolean);

export interface ServiceCatalogOptions {
  /**
   * Which endpoints of the service catalogue may get the token, beside `origins`: types of service such as `compute`, or
   * a function. Default: none. An endpoint over http on another machine needs `allowInsecureRequests` as well.
   */
  readonly allowEndpoints?: AllowEndpoints;
  /** Allows endpoints over http beyond loopback. Default: `false`. */
  readonly allowInsecureRequests?: boolean;
}

/** The catalogue that came last, and where it lets a token go. */
export class ServiceCatalog {
  readonly #isAllowed: (endpoint: CatalogEndpoint) => boolean;
  #token: string | undefined;
  #catalog: Catalog = [];
  #origins: ReadonlySet<string> = new Set();

  /** @throws {@link ConfigurationError} naming `allowEndpoints`. */
  constructor({ allowEndpoints = [], allowInsecureRequests = false }: ServiceCatalogOptions) {
    const wished = allowance(allowEndpoints);
    this.#isAllowed = (endpoint) =>
      (allowInsecureRequests || isConfidential(new URL(endpoint.url).origin)) && isYes(wished(endpoint));
  }

  /** Takes the catalogue that belongs to a token. From here on it decides where tokens may go. */
  learn(accessToken: string, catalog: Catalog): Catalog {
    this.#origins = new Set(catalog.filter(this.#isAllowed).map(({ url }) => new URL(url).origin));
    this.#token = accessToken;
    this.#catalog = catalog;
    return catalog;
  }

  /** The catalogue of this token, where it is known. */
  of(accessToken: string): Catalog | undefined {
    return accessToken === this.#token ? this.#catalog : undefined;
  }

  /** Has any catalogue come yet? */
  get isKnown(): boolean {
    return this.#token !== undefined;
  }

  /** Is this the origin of an endpoint that the user allows? */
  allows({ origin }: URL): boolean {
    return this.#origins.has(origin);
  }
}

function allowance(allowed: AllowEndpoints): (endpoint: CatalogEndpoint) => boolean {
  if (typeof allowed === 'function') return allowed;
  if (!Array.isArray(allowed) || allowed.some((type) => typeof type !== 'string' || type === '')) {
    refuse('allowEndpoints', "takes a list of service types, such as ['compute', 'object-store'], or a function.");
  }
  const types = new Set(allowed.flatMap(serviceTypes));
  return ({ serviceType }) => types.has(serviceType);
}
