/**
 * A Keystone under test control: it gives a new token for every login, and says of each token which services there are.
 */

import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ProtectedApi, startProtectedApi } from './protected-api.ts';

/** URLs by service type, each the public endpoint in `RegionOne`. */
export type Services = Readonly<Record<string, string>>;

/** What no other text holds. */
export const TOKEN_MARK = 'keystone-token-';

export class HandKeystone implements AsyncDisposable {
  readonly #server: Server;
  readonly #apis: readonly ProtectedApi[];
  /** Tokens that are good, the newest last. */
  readonly tokens: string[] = [];
  services: Services = {};
  logins = 0;
  /** How often somebody asked what a token is for. */
  lookUps = 0;

  private constructor(server: Server, apis: readonly ProtectedApi[]) {
    this.#server = server;
    this.#apis = apis;
    server.on('request', (request, response) => this.#answer(request, response));
  }

  /** @param apis - Get to know every token. */
  static async start(...apis: readonly ProtectedApi[]): Promise<HandKeystone> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new HandKeystone(server, apis);
  }

  get authUrl(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v3`;
  }

  /** Every token so far is refused from here on. */
  revoke(): void {
    for (const api of this.#apis) api.revoke(...this.tokens);
    this.tokens.length = 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    request.resume();
    if (request.method === 'POST') this.#logIn(response);
    else this.#lookUp(String(request.headers['x-subject-token']), response);
  }

  #lookUp(token: string, response: ServerResponse): void {
    this.lookUps += 1;
    if (this.tokens.includes(token)) this.#describe(response, 200, token);
    else response.writeHead(401).end('{}');
  }

  #logIn(response: ServerResponse): void {
    this.logins += 1;
    const token = `${TOKEN_MARK}${this.logins}`;
    this.tokens.push(token);
    for (const api of this.#apis) api.accept(token);
    this.#describe(response, 201, token);
  }

  #describe(response: ServerResponse, status: number, token: string): void {
    const catalog = Object.entries(this.services).map(([type, url]) => {
      return { type, name: type, endpoints: [{ interface: 'public', region_id: 'RegionOne', url }] };
    });
    const about = { methods: ['password'], expires_at: new Date(Date.now() + 3_600_000).toISOString(), catalog };
    response.writeHead(status, { 'content-type': 'application/json', 'x-subject-token': token });
    response.end(JSON.stringify({ token: about }));
  }
}

/** An API of OpenStack: it takes a token that is good, where OpenStack's APIs want it. */
export function startOpenStackApi(): Promise<ProtectedApi> {
  return startProtectedApi({ accepts: ({ headers }, current) => current.has(String(headers['x-auth-token'])) });
}

/** What a service behind OpenStack's middleware says to a token that is no good. */
export const KEYSTONE_CHALLENGE = "Keystone uri='https://keystone.example.com/v3'";
