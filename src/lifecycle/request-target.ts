import type { AuthRequest } from './messages.ts';

/** The request target as it will be sent (RFC 9112 §3.2). */
export function requestTarget(request: AuthRequest): string {
  return request.target ?? fetchTarget(request.url);
}

/** The request target that fetch sends: unlike `search`, it keeps a question mark that nothing follows. */
export function fetchTarget({ href }: URL): string {
  // Neither the user name nor the host can hold a slash: the URL standard has encoded or refused it.
  const path = href.slice(href.indexOf('/', href.indexOf('//') + 2));
  return path.split('#', 1)[0] as string;
}
