import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConfigurationError, LoginRequiredError } from '../../../errors.ts';
import { errorCode } from '../../../secrets/plain-cause.ts';

/** Where the browser comes back. */
export interface CallbackPlace {
  /** `127.0.0.1`, `localhost` or `[::1]`, as it stands in the redirect URI. */
  readonly hostname: string;
  readonly pathname: string;
  /** To be tried in this order; 0: any free one. */
  readonly ports: readonly number[];
  /** The query that a registered redirect URI has. */
  readonly search: string;
}

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);
/** How often another free port is tried whose twin on `::1` is taken. */
const FREE_TRIES = 5;

/**
 * Where to listen for a redirect URI; `undefined`: nowhere, because it is not on this machine.
 *
 * @throws {@link ConfigurationError} naming `redirectUri` or `ports`.
 */
export function callbackPlace(
  redirectUri: string | undefined,
  ports: readonly number[] = [],
): CallbackPlace | undefined {
  const wrong = ports.find((port) => !Number.isInteger(port) || port < 1 || port > 65_535);
  if (wrong !== undefined) {
    throw new ConfigurationError("option 'ports' must be a list of port numbers.", { option: 'ports' });
  }
  if (redirectUri === undefined) {
    return { hostname: '127.0.0.1', pathname: '/callback', search: '', ports: ports.length > 0 ? ports : [0] };
  }
  const url = URL.canParse(redirectUri) ? new URL(redirectUri) : undefined;
  if (url === undefined || redirectUri.includes('#')) {
    throw new ConfigurationError("option 'redirectUri' must be an absolute URL without fragment.", {
      option: 'redirectUri',
    });
  }
  if (url.protocol !== 'http:' || !LOOPBACK.has(url.hostname)) return undefined;
  if (url.port !== '' && ports.length > 0) {
    throw new ConfigurationError("option 'ports' contradicts the port of option 'redirectUri': give one of them.", {
      option: 'ports',
    });
  }
  // URL drops port 80, which nobody listens on by chance.
  const own = url.port === '' ? (/^http:\/\/[^/]*:80(?:[/?]|$)/.test(redirectUri) ? [80] : [0]) : [Number(url.port)];
  const { hostname, pathname, search } = url;
  return { hostname, pathname, search, ports: ports.length > 0 ? ports : own };
}

/** Makes a server; asked once per address. */
export type NewServer = () => Server;

/**
 * Listens on 127.0.0.1 and, where the system has it, on ::1: a browser may take either for `localhost`.
 *
 * @throws {@link LoginRequiredError} naming the ports that are taken.
 */
export async function listen(place: CallbackPlace, make: NewServer): Promise<{ servers: Server[]; port: number }> {
  const taken: string[] = [];
  for (const port of place.ports) {
    for (let tries = port === 0 ? FREE_TRIES : 1; tries > 0; tries -= 1) {
      const servers = await listenAt(place.hostname, port, make);
      if (Array.isArray(servers)) return { servers, port: portOf(servers[0] as Server) };
      if (port !== 0) taken.push(`${port} (${servers.code})`);
    }
  }
  throw new LoginRequiredError(
    `the login page cannot redirect to this program: port ${taken.join(', ') || 0} on this machine cannot be used. ` +
      "End the program that uses it, or register and give other ports in option 'ports'.",
  );
}

async function listenAt(
  hostname: string,
  port: number,
  make: NewServer,
): Promise<Server[] | { readonly code: string }> {
  const [first, second] = hostname === '[::1]' ? ['::1', '127.0.0.1'] : ['127.0.0.1', '::1'];
  const one = await bind(make(), first as string, port);
  if ('code' in one) return one;
  const two = await bind(make(), second as string, portOf(one.server));
  if ('server' in two) return [one.server, two.server];
  // Another program at the other address would get what is meant for `localhost`.
  const isRisky = two.code === 'EADDRINUSE' && (hostname === 'localhost' || port === 0);
  if (!isRisky) return [one.server];
  one.server.close();
  return two;
}

function bind(server: Server, host: string, port: number): Promise<{ server: Server } | { code: string }> {
  return new Promise((resolve) => {
    server.once('error', (error) => resolve({ code: errorCode(error) ?? 'unknown error' }));
    server.listen({ host, port, exclusive: true, ipv6Only: host === '::1' }, () => resolve({ server }));
  });
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
