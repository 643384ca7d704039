import { ConfigurationError } from '../errors.ts';
import { assertHeaderName, assertHeaderValue } from '../header-value.ts';
import type { CredentialFields } from './credential-fields.ts';
import { jsonField, textField } from './read.ts';

/**
 * The headers that a credential adds to every request, in the order in which they are set: `httpHeader1`,
 * `httpHeader2`, then `httpHeaders`. A later one replaces an earlier one of the same name.
 *
 * @throws {@link ConfigurationError} naming the field that holds no header, {@link CredentialError} for a value that
 * cannot be sent.
 */
export function extraHeaders(fields: CredentialFields): readonly (readonly [name: string, value: string])[] {
  const headers = [
    ...single(fields, 'httpHeader1'),
    ...single(fields, 'httpHeader2'),
    ...Object.entries(jsonField(fields, 'httpHeaders')).map(([name, value]) => ['httpHeaders', name, value] as const),
  ];
  return headers.map(([field, name, value]) => {
    assertHeaderName(name, field);
    assertHeaderValue(value, `field '${field}'`);
    return [name, value] as const;
  });
}

function single(fields: CredentialFields, field: 'httpHeader1' | 'httpHeader2') {
  const text = textField(fields, field);
  if (text.trim() === '') return [];
  const colon = text.indexOf(':');
  if (colon === -1) throw new ConfigurationError(`field '${field}' must be 'Name: value'.`, { option: field });
  return [[field, text.slice(0, colon).trim(), text.slice(colon + 1).trim()] as const];
}
