/**
 * http:// through a proxy. There is no tunnel for it: most proxies refuse CONNECT to port 80, and want each request in
 * absolute form, with credentials of its own. Clients don't write that. So each gets a connection that ends inside this
 * process, at a server that forwards; what the proxy is told never comes near a client, its requests and its errors.
 */

import { type Agent, createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { authority, type HostAndPort } from '../no-proxy.ts';
import type { HttpProxy } from '../proxy.ts';
import { PairedSocket } from '../socket-pair.ts';
import { forward } from './forward.ts';
import { MAX_HEADER_BYTES } from './headers.ts';

const HTTP_PORT = 80;

export class Gateway {
  readonly #proxy: HttpProxy;
  readonly #agent: Agent;
  readonly #server: Server;
  readonly #ends = new WeakMap<object, { readonly origin: string; readonly client: PairedSocket }>();

  /** @param agent - Makes connections to the proxy. */
  constructor(proxy: HttpProxy, agent: Agent) {
    this.#proxy = proxy;
    this.#agent = agent;
    const limits = { maxHeaderSize: MAX_HEADER_BYTES, keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0 };
    const serve = (message: IncomingMessage, response: ServerResponse) => void this.#serve(message, response);
    this.#server = createServer(limits, serve);
    this.#server.on('checkContinue', (message: IncomingMessage, response: ServerResponse) => {
      response.writeContinue();
      serve(message, response);
    });
  }

  /** A connection as if to the target itself. */
  connect(target: HostAndPort): Duplex {
    const [client, own] = PairedSocket.pair();
    const { host, port } = target;
    const full = authority({ host, port });
    const shown = port === HTTP_PORT ? full.slice(0, -':80'.length) : full;
    this.#ends.set(own, { origin: `http://${shown}`, client });
    this.#server.emit('connection', own);
    return client;
  }

  async #serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const end = this.#ends.get(message.socket);
    if (end === undefined) return;
    const leaving = new AbortController();
    response.once('close', () => leaving.abort());
    try {
      const { origin } = end;
      await forward({ proxy: this.#proxy, agent: this.#agent, origin, signal: leaving.signal }, message, response);
    } catch (error) {
      // The client's own socket fails, with what has happened; where an answer has begun, it breaks off.
      end.client.destroy(response.headersSent ? undefined : (error as Error));
    }
  }
}
