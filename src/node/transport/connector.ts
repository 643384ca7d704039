import type { Agent as HttpAgent } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ConnectionOptions } from 'node:tls';
import { AuthError } from '../../errors.ts';
import { withDeadline } from '../../tokens/deadline.ts';
import { dial, handshake } from './dial.ts';
import { ProxyError } from './errors.ts';
import { Gateway } from './gateway/gateway.ts';
import { ProxyAgent } from './gateway/proxy-agent.ts';
import { authority, type HostAndPort } from './no-proxy.ts';
import type { HttpProxy } from './proxy.ts';
import type { TlsMaterial } from './tls-material.ts';
import { dialProxy, openTunnel } from './tunnel.ts';

/** Where a client wants to connect to. */
export interface Target extends HostAndPort {
  readonly secure: boolean;
  readonly servername?: string | undefined;
  readonly requested?: ConnectionOptions | undefined;
}

/** As errors describe it. */
interface Way {
  readonly to: string;
  readonly proxy: HttpProxy | undefined;
}

/** Makes every connection of a transport, whichever client asks, and ends them. */
export class Connector {
  readonly #proxy: HttpProxy | undefined;
  readonly #tls: TlsMaterial;
  readonly #timeoutMs: number;
  readonly #open = new Set<Duplex>();
  readonly #closing = new AbortController();
  readonly #agent: HttpAgent | undefined;
  readonly #gateway: Gateway | undefined;

  constructor(proxy: HttpProxy | undefined, tls: TlsMaterial, timeoutMs: number) {
    this.#proxy = proxy;
    this.#tls = tls;
    this.#timeoutMs = timeoutMs;
    if (proxy === undefined) return;
    this.#agent = new ProxyAgent((signal) =>
      this.#within({ to: proxy.name, proxy }, signal, (both) => dialProxy(proxy, both)),
    );
    this.#gateway = new Gateway(proxy, this.#agent);
  }

  /**
   * A connection that speaks to the target: TLS where it is secure.
   *
   * @throws {@link ProxyError}, {@link TlsError}, what the system says, and what the signal says (as rejections).
   */
  connect(target: Target, signal?: AbortSignal): Promise<Duplex> {
    const proxy = this.#proxy?.bypasses(target) === false ? this.#proxy : undefined;
    return this.#within({ to: authority(target), proxy }, signal, (both) => this.#connect(target, proxy, both));
  }

  /** Ends all connections, those in use as well. */
  close(): void {
    this.#closing.abort(closed());
    this.#agent?.destroy();
    for (const socket of this.#open) socket.destroy();
  }

  async #connect(target: Target, proxy: HttpProxy | undefined, signal: AbortSignal): Promise<Duplex> {
    if (!target.secure) {
      return proxy === undefined || this.#gateway === undefined ? dial(target, signal) : this.#gateway.connect(target);
    }
    const socket = await (proxy === undefined ? dial(target, signal) : openTunnel(proxy, target, signal));
    return handshake(socket, target, this.#tls, signal);
  }

  async #within(
    way: Way,
    signal: AbortSignal | undefined,
    open: (signal: AbortSignal) => Promise<Duplex>,
  ): Promise<Duplex> {
    this.#closing.signal.throwIfAborted();
    const controller = new AbortController();
    const others = AbortSignal.any([this.#closing.signal, ...(signal === undefined ? [] : [signal])]);
    const abort = () => controller.abort(others.reason);
    if (others.aborted) abort();
    others.addEventListener('abort', abort, { once: true });
    try {
      const late = () => tooLate(way, this.#timeoutMs);
      return this.#track(await withDeadline({ ms: this.#timeoutMs, controller, late }, open));
    } finally {
      others.removeEventListener('abort', abort);
    }
  }

  #track(socket: Duplex): Duplex {
    this.#open.add(socket);
    socket.once('close', () => this.#open.delete(socket));
    return socket;
  }
}

function tooLate({ to, proxy }: Way, ms: number): AuthError {
  const through = proxy === undefined || proxy.name === to ? '' : ` through the proxy ${proxy.name}`;
  const message = `there was no connection to ${to}${through} after ${ms} ms (option 'connectTimeoutMs').`;
  if (proxy === undefined) return new AuthError(message, { code: 'ERR_AUTH_TIMEOUT' });
  return new ProxyError(message, { proxy: proxy.name });
}

function closed(): AuthError {
  return new AuthError('the transport is closed.', { code: 'ERR_AUTH_CONFIGURATION' });
}
