import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import type { Duplex } from 'node:stream';
import { dial, handshake } from './dial.ts';
import { because, ProxyError } from './errors.ts';
import { authority, type HostAndPort } from './no-proxy.ts';
import type { HttpProxy } from './proxy.ts';

/** More than any proxy has to say. */
const MAX_HEADER_BYTES = 16 * 1024;

/**
 * A connection to the proxy itself.
 *
 * @throws {@link ProxyError}, {@link TlsError} (as rejections).
 */
export async function dialProxy(proxy: HttpProxy, signal: AbortSignal): Promise<Duplex> {
  const socket = await dial(proxy, signal).catch((cause) => {
    throw signal.aborted ? cause : unreachable(proxy, cause);
  });
  return proxy.tls === undefined ? socket : handshake(socket, proxy, proxy.tls, signal);
}

/**
 * A tunnel through the proxy (RFC 9110 §9.3.6). Whatever is written to it goes to the target as it is.
 *
 * @throws {@link ProxyError}, {@link TlsError} (as rejections).
 */
export async function openTunnel(proxy: HttpProxy, target: HostAndPort, signal: AbortSignal): Promise<Duplex> {
  const uri = authority(target);
  const exchange = proxy.login.begin();
  for (;;) {
    const header = await exchange.authorize({ method: 'CONNECT', uri, body: new Uint8Array() });
    const socket = await dialProxy(proxy, signal);
    const { statusCode = 0, headers } = await askForTunnel(proxy, socket, uri, header, signal);
    if (statusCode >= 200 && statusCode < 300) {
      exchange.accepted(headers['proxy-authentication-info']);
      return socket;
    }
    // A fresh connection for the next try: what is left of the answer is of no interest.
    socket.destroy();
    if (statusCode !== 407) throw noTunnel(proxy, uri, statusCode);
    if (!(await exchange.refused(headers['proxy-authenticate']))) throw refusedLogin(proxy, header !== undefined);
  }
}

function askForTunnel(
  proxy: HttpProxy,
  socket: Duplex,
  uri: string,
  credentials: string | undefined,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const settle = (settled: () => void) => {
      signal.removeEventListener('abort', aborted);
      settled();
    };
    const fail = (cause: unknown) => {
      socket.destroy();
      settle(() => reject(signal.aborted ? signal.reason : brokeOff(proxy, cause)));
    };
    const aborted = () => fail(signal.reason);
    signal.addEventListener('abort', aborted, { once: true });
    if (signal.aborted) return fail(signal.reason);
    const asked = connectRequest(socket, uri, credentials);
    asked.on('error', fail);
    asked.once('response', () => fail(undefined));
    asked.once('connect', (answer, _socket, head) => {
      if (head.length > 0) socket.unshift(head);
      settle(() => resolve(answer));
    });
    asked.end();
  });
}

function connectRequest(socket: Duplex, uri: string, credentials: string | undefined): ClientRequest {
  return request({
    method: 'CONNECT',
    path: uri,
    headers: ['host', uri, 'connection', 'keep-alive', ...authorization(credentials)],
    createConnection: () => socket,
    maxHeaderSize: MAX_HEADER_BYTES,
  });
}

export function authorization(credentials: string | undefined): readonly string[] {
  return credentials === undefined ? [] : ['proxy-authorization', credentials];
}

export function refusedLogin({ name }: HttpProxy, sent: boolean): ProxyError {
  const what = sent
    ? 'has refused the credentials (407): check option proxy (fields proxyUser and proxyPasswd)'
    : 'wants credentials (407), and there are none of a kind that it takes: option proxy (fields proxyUser and proxyPasswd)';
  return new ProxyError(`the proxy ${name} ${what}.`, { proxy: name, status: 407 });
}

function unreachable({ name }: HttpProxy, cause: unknown): ProxyError {
  return new ProxyError(`the proxy ${name} could not be reached${because(cause)}.`, { proxy: name, cause });
}

export function brokeOff({ name }: HttpProxy, cause: unknown): ProxyError {
  return new ProxyError(`the proxy ${name} gave no answer that can be read${because(cause)}.`, { proxy: name, cause });
}

function noTunnel({ name }: HttpProxy, uri: string, status: number): ProxyError {
  return new ProxyError(`the proxy ${name} answered ${status} instead of opening a tunnel to ${uri}.`, {
    proxy: name,
    status,
  });
}
