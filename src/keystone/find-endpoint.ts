import { type AvailableEndpoint, EndpointNotFoundError } from '../errors.ts';
import { printableName } from '../secrets/printable.ts';
import type { Catalog, CatalogEndpoint } from './catalog.ts';
import { serviceTypes } from './service-types.ts';

/** Which of a service's endpoints is meant. */
export interface EndpointChoice {
  /** Needed where the service is in several regions. */
  readonly region?: string | undefined;
  /** Default: `public`. */
  readonly interface?: string | undefined;
}

/**
 * The one endpoint that fits.
 *
 * @throws {@link EndpointNotFoundError} when there is none, or several that differ.
 */
export function findEndpoint(catalog: Catalog, serviceType: string, choice: EndpointChoice = {}): CatalogEndpoint {
  const { region, interface: face = 'public' } = choice;
  const fits = (endpoint: CatalogEndpoint) =>
    endpoint.interface === face && (region === undefined || endpoint.region === region);
  const [type, found = []] = services(catalog, serviceType).find(([, endpoints]) => endpoints.some(fits)) ?? [];
  const fitting = found.filter(fits);
  const [first] = fitting;
  if (first === undefined) throw notFound(catalog, serviceType, { region, interface: face });
  if (fitting.every(({ url }) => url === first.url)) return first;
  const regions = distinct(fitting.map((endpoint) => endpoint.region ?? '(no region)'));
  const problem =
    regions.length > 1
      ? `is in several regions: ${listed(regions)}. Choose one with option 'region'`
      : `has ${fitting.length} ${shown(face)} endpoints that differ, and no way to choose: use an origin of your own`;
  throw failure(`Service '${shown(type ?? serviceType)}' ${problem}.`, fitting);
}

/** Under each name of the service, the endpoints that the catalogue lists there. */
function services(catalog: Catalog, wanted: string): readonly (readonly [string, Catalog])[] {
  return serviceTypes(wanted).map((type) => [type, catalog.filter((endpoint) => endpoint.serviceType === type)]);
}

function notFound(catalog: Catalog, wanted: string, choice: EndpointChoice): EndpointNotFoundError {
  const where = choice.region === undefined ? '' : ` in region '${shown(choice.region)}'`;
  const missing = `The service catalogue has no ${shown(choice.interface ?? '')} endpoint of '${shown(wanted)}'${where}`;
  if (catalog.length === 0) {
    return failure(`${missing}: it is empty. An unscoped token has none: log in with a project.`, catalog);
  }
  const found = services(catalog, wanted).flatMap(([, endpoints]) => endpoints);
  if (found.length === 0) {
    return failure(`${missing}. It has: ${listed(distinct(catalog.map((one) => one.serviceType)))}.`, catalog);
  }
  const there = distinct(found.map((one) => `${one.interface} in ${one.region ?? '(no region)'}`));
  return failure(`${missing}. It has: ${listed(there)}.`, catalog);
}

function failure(message: string, endpoints: Catalog): EndpointNotFoundError {
  const available = endpoints.map(({ serviceType, region, interface: face }): AvailableEndpoint => {
    return {
      serviceType: printableName(serviceType),
      region: region && printableName(region),
      interface: printableName(face),
    };
  });
  return new EndpointNotFoundError(message, { available });
}

function distinct(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort();
}

const MOST_LISTED = 40;

function listed(names: readonly string[]): string {
  const rest = names.length - MOST_LISTED;
  const all = names.slice(0, MOST_LISTED).map(shown).join(', ');
  return rest > 0 ? `${all} and ${rest} more` : all;
}

/** Names come from the server or the caller. */
function shown(name: string): string {
  return printableName(name.length > 80 ? `${name.slice(0, 80)}…` : name);
}
