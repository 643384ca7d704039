/**
 * What each client takes instead of its own connections.
 */

import type { ClientRequest } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ConnectionOptions } from 'node:tls';
import { Agent, type AgentConnectOpts } from 'agent-base';
import type { Dispatcher } from 'undici';
import { ConfigurationError } from '../../errors.ts';
import type { Connector } from './connector.ts';
import { untilClosed } from './gateway/proxy-agent.ts';
import type { Undici } from './load-undici.ts';
import { bareHost } from './no-proxy.ts';

/** For clients on `node:http` and `node:https`. */
export class TransportAgent extends Agent {
  readonly #connector: Connector;

  constructor(connector: Connector) {
    super({ keepAlive: true });
    this.#connector = connector;
  }

  override connect(request: ClientRequest, options: AgentConnectOpts): Promise<Duplex> {
    if ('socketPath' in options && options.socketPath) throw unixSocket();
    const { secureEndpoint: secure, port, ...requested } = options;
    const host = bareHost(options.host ?? 'localhost');
    const servername = 'servername' in options ? options.servername : undefined;
    const target = { secure, host, port: Number(port), servername };
    return this.#connector.connect(
      { ...target, ...(secure && { requested: tlsOnly(requested) }) },
      untilClosed(request),
    );
  }
}

/** A proxy would be sent what was meant for this machine. */
function unixSocket(): ConfigurationError {
  return new ConfigurationError('a transport cannot reach a Unix socket: send this request without it.', {
    option: 'socketPath',
  });
}

/** The TLS options that got and axios pass for one request. Certificates of the transport win, as an agent's always do. */
function tlsOnly(options: object): ConnectionOptions {
  const names = ['ca', 'cert', 'key', 'passphrase', 'pfx', 'crl', 'ciphers', 'minVersion', 'maxVersion', 'ecdhCurve'];
  const kept = [...names, 'sigalgs', 'honorCipherOrder', 'rejectUnauthorized', 'checkServerIdentity', 'secureContext'];
  return Object.fromEntries(
    Object.entries(options).filter(([name, value]) => kept.includes(name) && value !== undefined),
  );
}

/** For undici, and through it for `fetch`. */
export function transportDispatcher(connector: Connector, undici: Undici): Dispatcher {
  const connect: import('undici').buildConnector.connector = (options, callback) => {
    const { hostname, port, protocol, servername } = options;
    const secure = protocol === 'https:';
    const target = { secure, host: bareHost(hostname), port: Number(port) || (secure ? 443 : 80) };
    connector.connect({ ...target, servername: servername ?? undefined }).then(
      (socket) => callback(null, socket as never),
      (error) => callback(error, null),
    );
  };
  return new undici.Agent({ connect });
}

/** Node's own `fetch`, on a dispatcher. */
export function transportFetch(dispatcher: () => Promise<Dispatcher>): typeof fetch {
  let own: Dispatcher | undefined;
  return async (input, init) => {
    own ??= await dispatcher();
    const plain = init === undefined || isPlain(init);
    const [target, options] = plain ? [input, init] : [new Request(input, init), undefined];
    return globalThis.fetch(target, { ...options, dispatcher: own } as RequestInit);
  };
}

/** An undici that is newer than Node's speaks the older protocol in a wrapper. */
export function forNodesFetch(dispatcher: Dispatcher, { Dispatcher1Wrapper }: Undici): Dispatcher {
  return Dispatcher1Wrapper === undefined ? dispatcher : new Dispatcher1Wrapper(dispatcher);
}

/** Getters and what is inherited would be lost by copying. */
function isPlain(init: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(init);
  return prototype === Object.prototype || prototype === null;
}
