/** A parameter with its value as a quoted string (RFC 9110 §5.6.4 and §11.2). It does not check that a header can carry it. */
export function quotedParam(name: string, value: string): string {
  return `${name}="${value.replace(/["\\]/g, '\\$&')}"`;
}
