import { assertHeaderValue } from '../header-value.ts';
import type { CredentialFields } from './credential-fields.ts';
import { readFields } from './parse.ts';

/**
 * The headers that a credential adds to every request, in the order in which they are set: `httpHeader1`,
 * `httpHeader2`, then `httpHeaders`. A later one replaces an earlier one of the same name.
 *
 * @throws {@link ConfigurationError} naming the field that holds no header, {@link CredentialError} for a value that
 * cannot be sent.
 */
export function extraHeaders(fields: CredentialFields): readonly (readonly [name: string, value: string])[] {
  const { httpHeader1, httpHeader2, httpHeaders } = readFields(fields, ['httpHeader1', 'httpHeader2', 'httpHeaders']);
  return [...sendable('httpHeader1', httpHeader1), ...sendable('httpHeader2', httpHeader2)].concat(
    [...(httpHeaders ?? [])].flatMap((header) => sendable('httpHeaders', header)),
  );
}

function sendable(field: string, header: readonly [name: string, value: string] | undefined) {
  if (header !== undefined) assertHeaderValue(header[1], `field '${field}'`);
  return header === undefined ? [] : [header];
}
