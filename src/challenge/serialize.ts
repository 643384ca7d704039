import { assertHeaderValue } from '../header-value.ts';

/**
 * A parameter with its value as a quoted string (RFC 9110 §5.6.4 and §11.2).
 *
 * @throws {@link CredentialError} for a value that no header can carry, such as a line break.
 */
export function quotedParam(name: string, value: string): string {
  assertHeaderValue(value, `authentication parameter '${name}'`);
  return `${name}="${value.replace(/["\\]/g, '\\$&')}"`;
}
