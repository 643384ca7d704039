/**
 * A real HTTP server that wants a credential and remembers everything it saw. Tests stand on this instead of mocks:
 * what counts is what reached the wire.
 */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { Waiters } from './deferred.ts';
import { type Hit, presentedCredentials, readHit } from './protected-api/hit.ts';
import { guarded, type Responder } from './protected-api/responders.ts';

export { type Hit, mentions, sha256 } from './protected-api/hit.ts';
export {
  echo,
  fail,
  guarded,
  hang,
  held,
  type Responder,
  redirect,
  refuse,
  sequence,
  slowBody,
  times,
  together,
} from './protected-api/responders.ts';

/** Is the credential of this request accepted? `current` holds the credentials that are good right now. */
export type CredentialRule = (hit: Hit, current: ReadonlySet<string>) => boolean;

export interface ProtectedApiOptions {
  /** Where to listen. Default `127.0.0.1`. */
  readonly host?: string;
  /** Default: any place that can hold a credential holds one of `current`. */
  readonly accepts?: CredentialRule;
}

const anyPlace: CredentialRule = (hit, current) => presentedCredentials(hit).some((value) => current.has(value));

/** Starts a {@link ProtectedApi} on a free port. */
export async function startProtectedApi(options: ProtectedApiOptions = {}): Promise<ProtectedApi> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, options.host ?? '127.0.0.1', resolve);
  });
  return new ProtectedApi(server, options);
}

/** A server under test control: `/` and every path without a responder answer `guarded(echo())`. */
export class ProtectedApi {
  readonly #server: Server;
  readonly #accepts: CredentialRule;
  readonly #responders = new Map<string, Responder>();
  readonly #connections = new WeakMap<Socket, number>();
  readonly #arrivals = new Waiters();
  #connectionCount = 0;
  readonly #host: string;
  /** Every request since the last `forget`, in the order in which they were read to their end. */
  readonly hits: Hit[] = [];
  /** The credentials that are good right now. */
  readonly current = new Set<string>();
  /** What went wrong inside the server. A test that expects nothing here may look. */
  readonly failures: unknown[] = [];

  constructor(server: Server, { host = '127.0.0.1', accepts = anyPlace }: ProtectedApiOptions = {}) {
    this.#server = server;
    this.#accepts = accepts;
    this.#host = host;
    server.on('connection', (socket: Socket) => {
      this.#connectionCount += 1;
      this.#connections.set(socket, this.#connectionCount);
    });
    server.on('request', (request, response) => void this.#serve(request, response));
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** The server's origin; with another name for the same machine (`localhost`), another origin for the same server. */
  originAs(host: string = this.#host): string {
    return `http://${host}:${this.port}`;
  }

  get origin(): string {
    return this.originAs();
  }

  url(path: string): string {
    return this.origin + path;
  }

  /** How many TCP connections the server has seen, however many requests came on each. */
  get connectionCount(): number {
    return this.#connectionCount;
  }

  /** Sets who answers a path. */
  on(path: string, responder: Responder): void {
    this.#responders.set(path, responder);
  }

  accept(...credentials: readonly string[]): void {
    for (const credential of credentials) this.current.add(credential);
  }

  revoke(...credentials: readonly string[]): void {
    for (const credential of credentials) this.current.delete(credential);
  }

  hitsOf(path: string): Hit[] {
    return this.hits.filter((hit) => hit.path === path);
  }

  /** Resolves when `count` requests have arrived since the start or the last `forget`. */
  arrived(count: number): Promise<void> {
    return this.#arrivals.reached(count);
  }

  /** Forgets the hits and starts to count anew. */
  forget(): void {
    this.hits.length = 0;
    this.#arrivals.reset();
  }

  /** Forgets hits, responders and credentials; keeps the port. */
  reset(): void {
    this.forget();
    this.failures.length = 0;
    this.current.clear();
    this.#responders.clear();
  }

  /** Ends every connection and the server. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const hit = await readHit(request, this.#connections.get(request.socket) ?? 0);
      // Decided on arrival: a credential that is revoked while the answer is held was good when it came.
      const accepted = this.#accepts(hit, this.current);
      this.hits.push(hit);
      this.#arrivals.notify();
      await (this.#responders.get(hit.path) ?? guarded())({ hit, response, accepted });
    } catch (error) {
      this.failures.push(error);
      response.destroy();
    }
  }
}
