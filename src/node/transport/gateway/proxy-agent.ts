import type { ClientRequest } from 'node:http';
import type { Duplex } from 'node:stream';
import { Agent } from 'agent-base';

/** A signal that aborts when nobody waits for the request any more. */
export function untilClosed(request: ClientRequest): AbortSignal {
  const controller = new AbortController();
  request.once('close', () => controller.abort(new Error('the request was given up')));
  return controller.signal;
}

/** Connections to the proxy itself, kept alive. */
export class ProxyAgent extends Agent {
  readonly #dial: (signal: AbortSignal) => Promise<Duplex>;

  constructor(dial: (signal: AbortSignal) => Promise<Duplex>) {
    super({ keepAlive: true });
    this.#dial = dial;
  }

  override connect(request: ClientRequest): Promise<Duplex> {
    return this.#dial(untilClosed(request));
  }

  /** However the proxy is reached, what is spoken to it is HTTP. */
  override isSecureEndpoint(): boolean {
    return false;
  }
}
