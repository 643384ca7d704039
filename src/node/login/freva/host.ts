import { ConfigurationError } from '../../../errors.ts';

/**
 * One spelling for one server: https unless something else is written, without default port and final slash. Paths stay,
 * because two servers may share a host.
 *
 * @throws {@link ConfigurationError} naming `host`.
 */
export function normalHost(host: string): string {
  const text = /^[a-z][a-z\d+.-]*:\/\//i.test(host) ? host : `https://${host}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isLoopback = url !== undefined && /^(?:localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname);
  if (
    url === undefined ||
    host.trim() === '' ||
    !(url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback))
  ) {
    throw new ConfigurationError(
      "authenticate: option 'host' must be the name of a server or its https address (http on this machine only).",
      { option: 'host' },
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw new ConfigurationError("authenticate: option 'host' must hold no user name and no password.", {
      option: 'host',
    });
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}
