import { ConfigurationError } from '../errors.ts';
import { isConfidential } from '../lifecycle/origins.ts';

/**
 * The URL of an endpoint that gets secrets: https, or http on this machine.
 *
 * @param option - The option or field that holds the URL. Errors never hold the URL itself.
 * @param allowInsecureRequests - The explicit way out: http anywhere.
 * @throws {@link ConfigurationError}
 */
export function endpointUrl(endpoint: string | URL, option: string, allowInsecureRequests = false): URL {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:') {
    throw new ConfigurationError(`option '${option}' takes an absolute https URL.`, { option });
  }
  if (url.username !== '' || url.password !== '') {
    throw new ConfigurationError(`option '${option}' must not hold a user name or password.`, { option });
  }
  if (allowInsecureRequests || isConfidential(url.origin)) return url;
  throw new ConfigurationError(
    `option '${option}' must be https: anyone on the network path can read http. ` +
      "'allowInsecureRequests: true' allows it.",
    { option },
  );
}
