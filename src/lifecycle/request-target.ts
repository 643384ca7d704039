import type { AuthRequest } from './messages.ts';

/** The request target as it will be sent (RFC 9112 §3.2). */
export function requestTarget(request: AuthRequest): string {
  return request.target ?? fetchTarget(request.url);
}

/** The request target that fetch sends: unlike `search`, it keeps a question mark that nothing follows. */
export function fetchTarget(url: URL): string {
  const bare = new URL(url);
  bare.username = '';
  bare.password = '';
  // Even an empty one leaves its '#' in the text.
  return bare.href.slice(bare.origin.length).split('#', 1)[0] as string;
}
