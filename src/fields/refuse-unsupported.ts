import { ConfigurationError } from '../errors.ts';
import type { CredentialFields } from './credential-fields.ts';
import { booleanField, type FieldName, textField } from './read.ts';

/**
 * Refuses fields that ask for what nobody here does: a credential whose proxy or CA file is silently left out would
 * travel another way than its owner has ordered.
 *
 * @throws {@link ConfigurationError} naming the field and where its wish belongs instead.
 */
export function refuseUnsupported(fields: CredentialFields): void {
  if (booleanField(fields, 'proxy')) refuse('proxy', 'Configure the proxy in the HTTP client, and leave this false.');
  if (!booleanField(fields, 'sslverifypeer')) {
    refuse('sslverifypeer', 'Switch certificate checks in the HTTP client if you must, and leave this true.');
  }
  if (textField(fields, 'ca_path') !== '') {
    refuse('ca_path', 'Give the CA to the HTTP client (or set NODE_EXTRA_CA_CERTS), and leave this empty.');
  }
}

function refuse(option: FieldName, advice: string): never {
  throw new ConfigurationError(`field '${option}' cannot be honoured here. ${advice}`, { option });
}
