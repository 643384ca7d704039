import { ConfigurationError } from '../errors.ts';
import type { CredentialFields } from './credential-fields.ts';
import type { FieldName } from './credential-schema.ts';
import { readFields } from './parse.ts';

/**
 * Refuses fields that ask for what nobody here does: a credential whose proxy or CA file is silently left out would
 * travel another way than its owner has ordered.
 *
 * @throws {@link ConfigurationError} naming the field and where its wish belongs instead.
 */
export function refuseUnsupported(fields: CredentialFields): void {
  const { proxy, sslverifypeer, ca_path } = readFields(fields, ['proxy', 'sslverifypeer', 'ca_path']);
  if (proxy) refuse('proxy', 'Configure the proxy in the HTTP client, and leave this false.');
  if (!sslverifypeer) {
    refuse('sslverifypeer', 'Switch certificate checks in the HTTP client if you must, and leave this true.');
  }
  if (ca_path !== '') {
    refuse('ca_path', 'Give the CA to the HTTP client (or set NODE_EXTRA_CA_CERTS), and leave this empty.');
  }
}

function refuse(option: FieldName, advice: string): never {
  throw new ConfigurationError(`field '${option}' cannot be honoured here. ${advice}`, { option });
}
