import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { type Expectation, judgeHead, judgeParameters } from './judge.ts';
import { PAGE_HEADERS, type Page, refusalPage } from './pages.ts';
import { type CallbackPlace, listen } from './ports.ts';
import { readBody } from './read-body.ts';

/** A client that has not sent its whole request by then is cut, in milliseconds. */
const SLOW_MS = 5000;
/** How long the browser may take to fetch the last page, in milliseconds. */
const LAST_PAGE_MS = 700;
const MOST_CONNECTIONS = 128;

/** What is expected now, and where the short address leads. */
interface Wanted extends Expectation {
  readonly target: URL;
  readonly resolve: (parameters: URLSearchParams) => void;
  started: boolean;
}

/**
 * The place where the browser comes back: a server on this machine, for one login. It answers the browser only when the
 * code has been exchanged, and sends it to an address without parameters.
 */
export class CallbackListener {
  readonly redirectUri: string;
  readonly #pathname: string;
  readonly #hosts: ReadonlySet<string>;
  readonly #base: string;
  readonly #servers: readonly Server[];
  readonly #startPath = `/${randomBytes(6).toString('base64url')}`;
  readonly #endPath = '/signed-in';
  #wanted: Wanted | undefined;
  #held: ServerResponse | undefined;
  #last: Page | undefined;
  #shown: (() => void) | undefined;

  /** @throws {@link LoginRequiredError} naming the ports that are taken. */
  static async open(place: CallbackPlace): Promise<CallbackListener> {
    const handler: { current?: CallbackListener } = {};
    const make = () => newServer((request, response) => void handler.current?.answer(request, response));
    const { servers, port } = await listen(place, make);
    handler.current = new CallbackListener(place, servers, port);
    return handler.current;
  }

  private constructor({ hostname, pathname, search }: CallbackPlace, servers: readonly Server[], port: number) {
    this.redirectUri = `http://${hostname}:${port}${pathname}${search}`;
    this.#base = `http://${hostname}:${port}`;
    this.#pathname = pathname;
    this.#servers = servers;
    // A page of another site whose name leads to this machine (DNS rebinding) has its own name there.
    this.#hosts = new Set(['127.0.0.1', 'localhost', '[::1]'].flatMap((host) => hostForms(host, port)));
  }

  /** The port, for a line that forwards it. */
  get port(): number {
    return Number(new URL(this.#base).port || 80);
  }

  /** A short address that leads to the login page, once: what stands in process lists has no `state`. */
  get startUrl(): string {
    return `${this.#base}${this.#startPath}`;
  }

  /** Waits for the answer to one authorization request. An older one does not count any more. */
  expect(target: URL, expectation: Expectation): Promise<URLSearchParams> {
    return new Promise((resolve) => {
      this.#wanted = { ...expectation, target, resolve, started: false };
    });
  }

  /** Shows the last page to the browser that waits for it, and closes the port within a second. */
  async settle(page: Page): Promise<void> {
    this.#wanted = undefined;
    const held = this.#held;
    if (held !== undefined && !held.destroyed) {
      this.#last = page;
      const shown = new Promise<void>((resolve) => {
        this.#shown = resolve;
      });
      held.writeHead(303, { ...PAGE_HEADERS, location: this.#endPath }).end();
      const stop = new AbortController();
      await Promise.race([shown, wait(LAST_PAGE_MS, undefined, { signal: stop.signal }).catch(() => undefined)]);
      stop.abort();
    }
    this.close();
  }

  close(): void {
    for (const server of this.#servers) {
      server.close();
      server.closeAllConnections();
    }
  }

  /** Answers one request, from any sender. */
  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const page = await this.#route(request, response);
      if (page !== undefined) send(response, page, request);
    } catch {
      // The client is gone, or sends what is no HTTP.
      response.destroy();
    }
  }

  /** @returns The page to answer with; `undefined`: the answer was given, or comes later. */
  async #route(request: IncomingMessage, response: ServerResponse): Promise<Page | undefined> {
    if (!this.#hosts.has((request.headers.host ?? '').toLowerCase())) return refusalPage(400, 'The host is unknown.');
    const [pathname = '', query = ''] = splitTarget(request.url ?? '');
    if (pathname === this.#endPath && this.#last !== undefined) return this.#lastPage(response);
    if (pathname === this.#startPath) return this.#start(request, response);
    if (pathname === this.#pathname) return this.#callback(request, response, query);
    return refusalPage(404, 'There is nothing here.');
  }

  #start({ method }: IncomingMessage, response: ServerResponse): Page | undefined {
    const wanted = this.#wanted;
    if (method !== 'GET') return refusalPage(405, 'The method is wrong.');
    if (wanted === undefined || wanted.started) {
      return refusalPage(410, 'This link was used already. Press Enter in the terminal for a new one.');
    }
    wanted.started = true;
    response.writeHead(302, { ...PAGE_HEADERS, location: wanted.target.href }).end();
    return undefined;
  }

  async #callback(request: IncomingMessage, response: ServerResponse, query: string): Promise<Page | undefined> {
    const wanted = this.#wanted;
    if (wanted === undefined) return refusalPage(409, 'The login is over, or not ready yet.');
    const method = request.method ?? '';
    const head = judgeHead({ method, headers: request.headers }, wanted);
    if (head !== undefined && head.parameters === undefined) return refusalPage(head.status, head.reason);
    const body = method === 'POST' ? await readBody(request) : '';
    if (body === undefined) return refusalPage(413, 'It is too long.');
    const judgement = judgeParameters({ method, headers: request.headers, query, body }, wanted);
    if (judgement.parameters === undefined) return refusalPage(judgement.status, judgement.reason);
    if (this.#wanted !== wanted || this.#held !== undefined) return refusalPage(409, 'The login was answered already.');
    this.#held = response;
    wanted.resolve(judgement.parameters);
    return undefined;
  }

  #lastPage(response: ServerResponse): Page | undefined {
    response.once('close', () => this.#shown?.());
    return this.#last;
  }
}

function newServer(handler: (request: IncomingMessage, response: ServerResponse) => void): Server {
  const server = createServer(
    { headersTimeout: SLOW_MS, requestTimeout: SLOW_MS, connectionsCheckingInterval: 500, maxHeaderSize: 16_384 },
    handler,
  );
  server.maxConnections = MOST_CONNECTIONS;
  return server;
}

function hostForms(host: string, port: number): string[] {
  return port === 80 ? [host, `${host}:80`] : [`${host}:${port}`];
}

function splitTarget(target: string): [string, string] {
  const mark = target.indexOf('?');
  return mark === -1 ? [target, ''] : [target.slice(0, mark), target.slice(mark + 1)];
}

function send(response: ServerResponse, { status, html }: Page, request: IncomingMessage): void {
  response.writeHead(status, PAGE_HEADERS).end(html);
  // What was not read is not read any more.
  if (!request.complete) response.once('finish', () => request.destroy());
}
