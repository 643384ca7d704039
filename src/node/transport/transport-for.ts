import type { CredentialFields } from '../../fields/credential-fields.ts';
import { joinOptions, readOptions } from '../../options.ts';
import { fieldNames, transportOptions } from './from-fields.ts';
import { transportShape } from './option-shapes.ts';
import type { TransportOptions } from './options.ts';
import { type Transport, transportOf } from './transport.ts';

/**
 * Makes the transport that credential fields ask for: `proxy`, `proxyHost`, `proxyPort`, `proxyUser`, `proxyPasswd`,
 * `sslverifypeer` and `ca_path`. With none of them set it connects directly.
 *
 * @param options - What has no field, such as a client certificate; it wins over the fields.
 * @example
 * const transport = transportFor(fields);
 * const auth = buildAuthenticator(fields, { transport });
 * const api = axios.create({ ...transport.axios, baseURL: fields.url });
 * api.interceptors.request.use(axiosAuth(auth));
 * @throws {@link ConfigurationError} naming the field or option that is wrong, or the file that cannot be read.
 */
export function transportFor(fields: CredentialFields, options?: TransportOptions): Transport {
  const own = readOptions('transportFor', options, transportShape);
  return transportOf(joinOptions(transportOptions(fields), own), fieldNames(fields));
}
