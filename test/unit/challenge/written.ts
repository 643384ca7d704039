/** A challenge as a server writes it, all parameters quoted. */
export function writtenChallenge(scheme: string, content: string | Iterable<readonly [string, string]>): string {
  if (typeof content === 'string') return `${scheme} ${content}`;
  const params = Array.from(content, ([name, value]) => `${name}="${value.replace(/["\\]/g, '\\$&')}"`);
  return [scheme, params.join(', ')].filter(Boolean).join(' ');
}
