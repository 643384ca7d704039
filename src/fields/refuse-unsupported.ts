import { ConfigurationError } from '../errors.ts';
import type { CredentialFields } from './credential-fields.ts';
import type { FieldName } from './credential-schema.ts';
import { readFields } from './parse.ts';

/**
 * Refuses fields that ask for what nobody here does: a credential whose proxy or CA file is silently left out would
 * travel another way than its owner has ordered.
 *
 * @param hasTransport - Somebody honours the fields for proxies and TLS: what the options carry.
 * @throws {@link ConfigurationError} naming the field and where its wish belongs instead.
 */
export function refuseUnsupported(fields: CredentialFields, hasTransport = false): void {
  const { proxy, sslverifypeer: verify, ca_path: ca } = readFields(fields, ['proxy', 'sslverifypeer', 'ca_path']);
  if (!hasTransport) {
    if (proxy) refuse('proxy', 'a proxy', 'leave this false');
    if (!verify) refuse('sslverifypeer', 'unchecked certificates', 'leave this true');
    if (ca !== '') refuse('ca_path', 'a CA file', 'leave this empty');
  }
}

function refuse(option: FieldName, what: string, otherwise: string): never {
  throw new ConfigurationError(
    `field '${option}' asks for ${what}, which needs Node: import buildAuthenticator from 'authwire/node', or give ` +
      `option 'transport' or 'fetch'. Elsewhere, ${otherwise} and set it in the HTTP client.`,
    { option },
  );
}
