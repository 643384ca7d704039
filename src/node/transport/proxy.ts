import { ConfigurationError } from '../../errors.ts';
import { joinOptions, readOptions } from '../../options.ts';
import { noLogin, type ProxyLogin } from './login/login.ts';
import { passwordLogin } from './login/password.ts';
import { tokenLogin } from './login/token.ts';
import { authority, bareHost, bypass, type HostAndPort } from './no-proxy.ts';
import { proxyShape, tlsShape } from './option-shapes.ts';
import type { ProxyOptions, TransportOptions } from './options.ts';
import { type TlsMaterial, tlsMaterial } from './tls-material.ts';

/** A proxy, ready to be used. */
export interface HttpProxy extends HostAndPort {
  /** As errors name it: `host:port`. */
  readonly name: string;
  /** TLS with the proxy itself; absent for `http://` proxies. */
  readonly tls: TlsMaterial | undefined;
  readonly login: ProxyLogin;
  /** Is this reached without the proxy? */
  bypasses(target: HostAndPort): boolean;
}

/**
 * Reads the proxy of a transport.
 *
 * @throws {@link ConfigurationError} naming what is missing or contradictory. It quotes no URL: that may hold a password.
 */
export function proxyOf(options: TransportOptions): HttpProxy | undefined {
  const { proxy } = options;
  if (proxy === undefined) return undefined;
  const given = readProxy(proxy);
  const url = urlOf(given);
  const secure = url.protocol === 'https:';
  const address = { host: bareHost(url.hostname), port: Number(url.port) || (secure ? 443 : 80) };
  const { ca, caFile } = options;
  const tls = given.tls ?? { ...(ca !== undefined && { ca }), ...(caFile !== undefined && { caFile }) };
  return {
    ...address,
    name: authority(address),
    tls: secure ? tlsMaterial(tls) : undefined,
    login: loginOf(given, url),
    bypasses: bypass(given.noProxy),
  };
}

function readProxy(proxy: NonNullable<TransportOptions['proxy']>): ProxyOptions {
  if (typeof proxy !== 'string' && (typeof proxy !== 'object' || proxy === null)) {
    return refuse('proxy', 'must be a URL or { url } or { host, port }');
  }
  const given = typeof proxy === 'string' || proxy instanceof URL ? { url: proxy } : proxy;
  return within('proxy', () => {
    const options = readOptions<ProxyOptions>('proxy', given, proxyShape);
    if (options.tls === undefined) return options;
    const tls = within('tls', () => readOptions('proxy.tls', options.tls, tlsShape));
    return joinOptions(options, { tls }) as ProxyOptions;
  });
}

/** Names options as they are nested. */
function within<T>(place: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ConfigurationError) || error.option === undefined) throw error;
    throw new ConfigurationError(error.message, { option: `${place}.${error.option}`, cause: error });
  }
}

function urlOf({ url, host, port }: ProxyOptions): URL {
  if ((url === undefined) === (host === undefined)) return refuse('proxy', "needs either 'url' or 'host'");
  const read = url === undefined ? urlOfHost(host) : parsed(String(url));
  if (read === undefined || !['http:', 'https:'].includes(read.protocol) || read.hostname === '') {
    return url === undefined
      ? refuse('host', 'must be the name or the IP address of the proxy')
      : refuse('url', 'must be a URL that begins with http:// or https://, such as http://proxy.example:3128');
  }
  if (port === undefined) return read;
  if (!Number.isInteger(port) || port < 1 || port > 65535) return refuse('port', 'must be a number from 1 to 65535');
  read.port = String(port);
  return read;
}

function urlOfHost(host: unknown): URL | undefined {
  if (typeof host !== 'string' || /[\s/@?#\\]/.test(host)) return undefined;
  const bare = bareHost(host);
  return parsed(`http://${bare.includes(':') ? `[${bare}]` : bare}`);
}

function parsed(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

function loginOf(options: ProxyOptions, url: URL): ProxyLogin {
  const username = options.username ?? decoded(url.username);
  const password = options.password ?? decoded(url.password);
  const { token, scheme, format } = options;
  if (scheme !== undefined && scheme !== 'basic' && scheme !== 'digest') {
    return refuse('scheme', "must be 'basic' or 'digest'");
  }
  if (token !== undefined) {
    if (username !== undefined || password !== undefined) {
      return refuse('token', 'and a user name exclude each other: there is one Proxy-Authorization only');
    }
    return tokenLogin(token, format);
  }
  if (username === undefined && password !== undefined) return refuse('username', 'must be set where a password is');
  return username === undefined ? noLogin : passwordLogin({ username, password: password ?? '', scheme });
}

/** Empty is the same as nothing. What is not URL-encoded is taken as it is. */
function decoded(text: string): string | undefined {
  if (text === '') return undefined;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function refuse(option: string, what: string): never {
  throw new ConfigurationError(`${option === 'proxy' ? "option 'proxy'" : `option 'proxy.${option}'`} ${what}.`, {
    option: option === 'proxy' ? option : `proxy.${option}`,
  });
}
