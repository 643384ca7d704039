import type { Agent } from 'node:http';
import type { Agent as HttpsAgent } from 'node:https';
import type { Dispatcher } from 'undici';
import { ConfigurationError } from '../../errors.ts';
import { readOptions } from '../../options.ts';
import { forNodesFetch, TransportAgent, transportDispatcher, transportFetch } from './clients.ts';
import { Connector } from './connector.ts';
import { importUndici, requireUndici, type Undici } from './load-undici.ts';
import { transportShape } from './option-shapes.ts';
import type { TransportOptions } from './options.ts';
import { proxyOf } from './proxy.ts';
import { asOption, type OptionName, tlsMaterial } from './tls-material.ts';

/** A transport, with its proxy and TLS settings, in the form that each client takes. */
export interface Transport {
  /** Spread it into axios's config; it serves axios's adapters `http` and `fetch`. */
  readonly axios: {
    /** For http requests. */
    readonly httpAgent: Agent;
    /** For https requests. */
    readonly httpsAgent: HttpsAgent;
    /** Keeps axios from reading a proxy from the environment. */
    readonly proxy: false;
    /** For axios's adapter `fetch`. */
    readonly env: { readonly fetch: typeof fetch };
  };
  /** Options for got: `got.extend(transport.got)`. */
  readonly got: { readonly agent: { readonly http: Agent; readonly https: HttpsAgent } };
  /** Options for ky: `ky.create(transport.ky)`. */
  readonly ky: { readonly fetch: typeof fetch };
  /** A `fetch` that behaves as Node's own. */
  readonly fetch: typeof fetch;
  /**
   * For `request(url, { dispatcher })` and `dispatcher.compose`. Needs the package undici, as `fetch` and `ky` do; in a
   * bundle, name it in option `undici`.
   */
  readonly undici: Dispatcher;
  /** Closes all connections, including those in use. The transport cannot send anything afterwards. */
  close(): Promise<void>;
}

const CONNECT_TIMEOUT_MS = 30_000;

/**
 * Makes a transport from options.
 *
 * @example
 * const transport = createTransport({ proxy: 'http://ada:secret@proxy.example:3128', caFile: '/etc/ssl/office.pem' });
 * const api = axios.create({ ...transport.axios, baseURL: 'https://api.example' });
 * @throws {@link ConfigurationError} naming the option that is missing, wrong, or a file that cannot be read.
 */
export function createTransport(options?: TransportOptions): Transport {
  return transportOf(readOptions('createTransport', options, transportShape), asOption);
}

/** @param name - Names options in errors. */
export function transportOf(options: TransportOptions, name: OptionName): Transport {
  const { connectTimeoutMs = CONNECT_TIMEOUT_MS } = options;
  const tls = tlsMaterial(options, name);
  return new NodeTransport(new Connector(proxyOf(options), tls, connectTimeoutMs), undiciOf(options));
}

function undiciOf({ undici }: TransportOptions): Undici | undefined {
  const given = undici as Undici | undefined;
  if (given === undefined || typeof given.Agent === 'function') return given;
  throw new ConfigurationError("option 'undici' must be what you import from 'undici'.", { option: 'undici' });
}

class NodeTransport implements Transport {
  readonly #connector: Connector;
  /** One for both schemes: what clients ask of an agent for https:// is nothing but that it makes connections. */
  readonly #agent: HttpsAgent;
  readonly #undici: Undici | undefined;
  #dispatcher: Dispatcher | undefined;
  readonly fetch: typeof fetch;

  constructor(connector: Connector, undici: Undici | undefined) {
    this.#connector = connector;
    this.#undici = undici;
    this.#agent = new TransportAgent(connector) as Agent as HttpsAgent;
    this.fetch = transportFetch(async () => {
      const loaded = undici ?? (await importUndici());
      return forNodesFetch(this.#dispatcherOf(loaded), loaded);
    });
  }

  get axios(): Transport['axios'] {
    const { fetch } = this;
    return { httpAgent: this.#agent, httpsAgent: this.#agent, proxy: false, env: { fetch } };
  }

  get got(): Transport['got'] {
    return { agent: { http: this.#agent, https: this.#agent } };
  }

  get ky(): Transport['ky'] {
    return { fetch: this.fetch };
  }

  get undici(): Dispatcher {
    return this.#dispatcherOf(this.#undici ?? requireUndici());
  }

  async close(): Promise<void> {
    this.#connector.close();
    this.#agent.destroy();
    await this.#dispatcher?.destroy();
  }

  #dispatcherOf(undici: Undici): Dispatcher {
    this.#dispatcher ??= transportDispatcher(this.#connector, undici);
    return this.#dispatcher;
  }
}
