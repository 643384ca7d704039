/**
 * A token endpoint that rotates and detects reuse, and an API. Both fail in the ways that real ones do.
 */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const TOKEN_LIFE_S = 1;
/** A refresh token may come once more within it, after an answer that was cut. */
const GRACE_MS = 10_000;

export interface Faults {
  /** Longer than the callers' deadline, in milliseconds. */
  readonly lateMs: number;
  readonly random: () => number;
}

interface Running {
  readonly origin: string;
  close(): Promise<void>;
}

export interface TokenRequest {
  readonly at: number;
  /** When its token was on its way to the client; `undefined`: it is not yet, or never will be. */
  givenAt?: number;
  /** It was refused or cut, so that its client has to ask again. */
  failed?: true;
}

/** Tokens, and what the judge wants to know of them. */
export interface TokenServer extends Running {
  /** Refresh tokens that came again beyond the grace. */
  readonly reused: string[];
  readonly counts: { requests: number; late: number; cut: number; refused: number };
  readonly first: string;
  accepts(accessToken: string): boolean;
  /** What became of the last requests, in the order in which they came. */
  readonly history: readonly TokenRequest[];
}

export async function startTokenServer({ random, lateMs }: Faults): Promise<TokenServer> {
  const spent = new Map<string, { readonly at: number; readonly answer: string }>();
  const living = new Map<string, number>();
  const counts = { requests: 0, late: 0, cut: 0, refused: 0 };
  const reused: string[] = [];
  const history: TokenRequest[] = [];
  let issued = 1;

  const issue = () => {
    issued += 1;
    for (const [token, until] of living) if (until < Date.now()) living.delete(token);
    // A client counts the life of a token from when it gets it, which may be late; an API looks at it later still.
    living.set(`access-${issued}`, Date.now() + TOKEN_LIFE_S * 1000 + lateMs + 2000);
    return JSON.stringify({
      access_token: `access-${issued}`,
      token_type: 'Bearer',
      expires_in: TOKEN_LIFE_S,
      refresh_token: `refresh-${issued}`,
    });
  };
  const answer = (response: ServerResponse, status: number, body: string) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(body);

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    counts.requests += 1;
    const entry: TokenRequest = { at: Date.now() };
    history.push(entry);
    if (history.length > 200) history.shift();
    const give = (text: string) => {
      entry.givenAt = Date.now();
      answer(response, 200, text);
    };
    const refreshToken = new URLSearchParams(await bodyOf(request)).get('refresh_token') ?? '';
    const fate = random();
    if (fate < 0.06) {
      counts.refused += 1;
      entry.failed = true;
      answer(response.setHeader('retry-after', '0'), 503, '{"error":"temporarily_unavailable"}');
      return;
    }
    const former = spent.get(refreshToken);
    if (former !== undefined && Date.now() - former.at > GRACE_MS) {
      reused.push(refreshToken);
      answer(response, 400, '{"error":"invalid_grant"}');
      return;
    }
    const body = former?.answer ?? issue();
    if (former === undefined) {
      for (const [token, { at }] of spent) if (Date.now() - at > 120_000) spent.delete(token);
      spent.set(refreshToken, { at: Date.now(), answer: body });
    }
    if (fate < 0.1 && former === undefined) {
      counts.cut += 1;
      entry.failed = true;
      request.socket.destroy();
    } else if (fate < 0.13) {
      counts.late += 1;
      setTimeout(() => give(body), lateMs);
    } else give(body);
  }

  const running = await listen((request, response) => void handle(request, response));
  return {
    ...running,
    reused,
    counts,
    first: 'refresh-1',
    accepts: (accessToken) => (living.get(accessToken) ?? 0) > Date.now(),
    history,
  };
}

export interface Api extends Running {
  /** The calls whose connection was cut. */
  readonly cut: Set<string>;
  /** When a call was refused, which happens once to it. */
  readonly refusedAt: Map<string, number>;
}

export async function startApi({ random, lateMs }: Faults, accepts: (token: string) => boolean): Promise<Api> {
  const cut = new Set<string>();
  const refusedAt = new Map<string, number>();
  const running = await listen((request, response) => {
    const id = request.url ?? '';
    const fate = random();
    const token = request.headers.authorization?.replace(/^Bearer /, '') ?? '';
    if (fate < 0.01) {
      cut.add(id);
      request.socket.destroy();
    } else if (!accepts(token) || (fate < 0.015 && !refusedAt.has(id))) {
      refusedAt.set(id, Date.now());
      response.writeHead(401, { 'www-authenticate': 'Bearer error="invalid_token"' }).end();
    } else if (fate < 0.02) setTimeout(() => response.end('late'), lateMs / 2);
    else response.end('ok');
  });
  return { ...running, cut, refusedAt };
}

async function listen(handle: (request: IncomingMessage, response: ServerResponse) => void): Promise<Running> {
  // Closing idle connections races with requests that reuse them, which is no fault of ours.
  const server: Server = createServer({ keepAliveTimeout: 3_600_000 }, handle);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const close = async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  };
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += chunk;
  return body;
}
