import { type AvailableEndpoint, EndpointNotFoundError } from '../errors.ts';
import { printableName } from '../secrets/printable.ts';
import type { Catalog, CatalogEndpoint } from './catalog.ts';
import { textOption } from './options.ts';
import { serviceTypes } from './service-types.ts';

/** Which of a service's endpoints is meant. */
export interface EndpointChoice {
  /** Needed where the service is in several regions. */
  readonly region?: string | undefined;
  /** One interface, or several, the preferred one first; `publicURL` is `public`. Default: `public`. */
  readonly interface?: string | readonly string[] | undefined;
}

/**
 * The one endpoint that fits.
 *
 * @throws {@link EndpointNotFoundError} when there is none, or several that differ.
 */
export function findEndpoint(catalog: Catalog, serviceType: string, choice: EndpointChoice = {}): CatalogEndpoint {
  const { region } = choice;
  const faces = interfaces(choice.interface);
  const inRegion = (endpoint: CatalogEndpoint) => region === undefined || endpoint.region === region;
  const candidates = services(catalog, serviceType).flatMap(([type, endpoints]) =>
    faces.map((face) => ({ type, face, fitting: endpoints.filter((one) => one.interface === face && inRegion(one)) })),
  );
  const found = candidates.find(({ fitting }) => fitting.length > 0);
  if (found === undefined) throw notFound(catalog, serviceType, region, faces);
  const { type, face, fitting } = found;
  const [first] = fitting;
  if (first !== undefined && fitting.every(({ url }) => url === first.url)) return first;
  const regions = distinct(fitting.map((endpoint) => endpoint.region ?? '(no region)'));
  const problem =
    regions.length > 1
      ? `is in several regions: ${listed(regions)}. Choose one with option 'region'`
      : `has ${fitting.length} ${shown(face)} endpoints that differ, and no way to choose: use an origin of your own`;
  throw failure(`Service '${shown(type)}' ${problem}.`, fitting);
}

/**
 * The interfaces, the preferred one first. API version 2 said `publicURL`, and many configurations still do.
 *
 * @throws {@link ConfigurationError} naming `interface`.
 */
export function interfaces(given: EndpointChoice['interface'] = 'public'): readonly string[] {
  const faces = [given].flat();
  return (faces.length === 0 ? [''] : faces).map((face) => {
    return textOption({ interface: face }, 'interface')?.replace(/URL$/, '') ?? '';
  });
}

/** Under each name of the service, the endpoints that the catalogue lists there. */
function services(catalog: Catalog, wanted: string): readonly (readonly [string, Catalog])[] {
  return serviceTypes(wanted).map((type) => [type, catalog.filter((endpoint) => endpoint.serviceType === type)]);
}

function notFound(
  catalog: Catalog,
  wanted: string,
  region: string | undefined,
  faces: readonly string[],
): EndpointNotFoundError {
  const where = region === undefined ? '' : ` in region '${shown(region)}'`;
  const missing = `The service catalogue has no ${shown(faces.join(' or '))} endpoint of '${shown(wanted)}'${where}`;
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
