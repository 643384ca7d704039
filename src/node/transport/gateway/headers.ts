/** As long as clients may allow headers to be. */
export const MAX_HEADER_BYTES = 256 * 1024;

/** What concerns one connection and not the message (RFC 9110 §7.6.1), and what is the proxy's and ours alone. */
const OF_ONE_HOP: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'upgrade',
  'expect',
  'proxy-authorization',
  'proxy-authenticate',
  'proxy-authentication-info',
]);

/** The fields that travel on, as they were written and in their order. */
export function endToEnd(rawHeaders: readonly string[], connection = ''): string[] {
  const named = new Set(connection.toLowerCase().split(/[\s,]/));
  const kept: string[] = [];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const [name, value] = [rawHeaders[at] as string, rawHeaders[at + 1] as string];
    const lower = name.toLowerCase();
    if (!OF_ONE_HOP.has(lower) && !named.has(lower)) kept.push(name, value);
  }
  return kept;
}
