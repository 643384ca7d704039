/**
 * The API that the demo works with: it wants a good token or its key, under `/archive` a digest; counts every request, and
 * can hold its 401s back until it is told to send them.
 */

import { createHash, randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { Counter } from './counter.ts';
import { DigestGate } from './digest-gate.ts';
import { LoopbackServer } from './loopback-server.ts';

export interface ProtectedApiOptions {
  /** Asks the authorization server whether a token is good. */
  readonly acceptsToken: (token: string) => Promise<boolean>;
  /** Where `/moved` leads. */
  readonly movedTo: string;
}

export class ProtectedApi {
  /** A key that is as good as a token, in `x-api-key`. */
  readonly apiKey = randomBytes(24).toString('base64url');
  readonly digest = new DigestGate();
  readonly requests = new Counter();
  readonly accepted = new Counter();
  readonly refused = new Counter();
  /** SHA-256 of each uploaded body, refused ones too. */
  readonly uploads: string[] = [];
  /** What a careless access log would hold. */
  readonly accessLog: string[] = [];
  readonly #http: LoopbackServer;
  readonly #options: ProtectedApiOptions;
  #held: (() => void)[] | undefined;

  static async start(options: ProtectedApiOptions): Promise<ProtectedApi> {
    return new ProtectedApi(await LoopbackServer.listen(), options);
  }

  constructor(http: LoopbackServer, options: ProtectedApiOptions) {
    this.#http = http;
    this.#options = options;
    http.serve((request, response) => {
      this.#serve(request, response).catch(() => response.destroy());
    });
  }

  get origin(): string {
    return this.#http.origin;
  }

  url(path: string): string {
    return this.origin + path;
  }

  /** From now on every 401 waits until it is released. */
  holdRefusals(): void {
    this.#held = [];
  }

  /** Sends the 401 that has been held longest. */
  releaseOne(): void {
    this.#held?.shift()?.();
  }

  /** Sends all 401s that are held, and holds no more. */
  releaseAll(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const send of held) send();
  }

  close(): Promise<void> {
    return this.#http.close();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.requests.add();
    const { method, url, headers } = request;
    this.accessLog.push(`${method} ${url} authorization: ${headers.authorization}`);
    const body = await buffer(request);
    if (body.length > 0) this.uploads.push(createHash('sha256').update(body).digest('hex'));
    if (await this.#authenticates(request)) this.#accept(request, response);
    else this.#refuse(request, response);
  }

  async #authenticates(request: IncomingMessage): Promise<boolean> {
    const { method = '', url = '', headers } = request;
    if (wantsDigest(request)) return this.digest.admits(method, url, headers.authorization ?? '');
    if (headers['x-api-key'] !== undefined) return headers['x-api-key'] === this.apiKey;
    const [scheme, token = ''] = (headers.authorization ?? '').split(' ');
    return scheme === 'Bearer' && (await this.#options.acceptsToken(token));
  }

  #accept(request: IncomingMessage, response: ServerResponse): void {
    this.accepted.add();
    if (request.url === '/moved') response.writeHead(302, { location: this.#options.movedTo }).end();
    else response.writeHead(200, { 'content-type': 'text/plain' }).end('done');
  }

  #refuse(request: IncomingMessage, response: ServerResponse): void {
    const challenge = wantsDigest(request) ? this.digest.challenge() : 'Bearer error="invalid_token"';
    const send = () => response.writeHead(401, { 'www-authenticate': challenge }).end('refused');
    if (this.#held === undefined) send();
    else this.#held.push(send);
    this.refused.add();
  }
}

function wantsDigest({ url }: IncomingMessage): boolean {
  return url === '/archive';
}
