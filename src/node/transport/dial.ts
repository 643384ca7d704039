/**
 * Sockets, up to the moment when they can be used.
 */

import { connect as connectTcp, isIP, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from 'node:tls';
import { tlsError } from './errors.ts';
import { authority, type HostAndPort } from './no-proxy.ts';
import type { TlsMaterial } from './tls-material.ts';

const KEEP_ALIVE_MS = 60_000;

/** Opens a TCP connection. Rejects with what the system says, or with the signal's reason. */
export function dial({ host, port }: HostAndPort, signal: AbortSignal): Promise<Socket> {
  signal.throwIfAborted();
  const socket = connectTcp({ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MS });
  return once(socket, 'connect', signal);
}

/** What one handshake adds to what all have in common. */
export interface Handshake extends HostAndPort {
  /** Default: the host, unless it is an IP address. */
  readonly servername?: string | undefined;
  /** What a client has asked for with one request, such as `checkServerIdentity`. */
  readonly requested?: ConnectionOptions | undefined;
}

/**
 * Speaks TLS over a connection. The host's name is checked whatever lies between.
 *
 * @throws {@link TlsError} (as a rejection).
 */
export async function handshake(
  socket: Duplex,
  { host, port, servername, requested }: Handshake,
  { secureContext, rejectUnauthorized }: TlsMaterial,
  signal: AbortSignal,
): Promise<TLSSocket> {
  const name = servername || (isIP(host) === 0 ? host : '');
  const secured = connectTls({
    ...requested,
    ...(secureContext && { secureContext }),
    rejectUnauthorized: rejectUnauthorized && requested?.rejectUnauthorized !== false,
    ALPNProtocols: ['http/1.1'],
    socket,
    host,
    ...(name !== '' && { servername: name }),
  });
  try {
    return await once(secured, 'secureConnect', signal);
  } catch (error) {
    throw signal.aborted ? error : tlsError(authority({ host, port }), error);
  }
}

function once<S extends Duplex>(socket: S, event: string, signal: AbortSignal): Promise<S> {
  // Also later on: an error between two owners must not end the process.
  socket.on('error', () => undefined);
  return new Promise((resolve, reject) => {
    const settle = (settled: () => void) => {
      signal.removeEventListener('abort', aborted);
      socket.off(event, ready).off('error', failed).off('close', closed);
      settled();
    };
    const failed = (error: Error) => settle(() => reject(error));
    const closed = () => failed(Object.assign(new Error('the connection was closed'), { code: 'ECONNRESET' }));
    const ready = () => settle(() => resolve(socket));
    const aborted = () => {
      failed(signal.reason);
      socket.destroy();
    };
    socket.once(event, ready).once('error', failed).once('close', closed);
    signal.addEventListener('abort', aborted, { once: true });
    if (signal.aborted) aborted();
  });
}
