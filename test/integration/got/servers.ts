import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createSecureServer, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { onTestFinished } from 'vitest';

/** What a server of another kind than plain HTTP over TCP saw. */
interface Seen {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly httpVersion: string;
  readonly body: string;
}

export interface OtherServer {
  readonly seen: Seen[];
  /** The origin, as got's URLs write it. */
  readonly base: string;
}

/**
 * Answers with a 401 unless one of the good credentials stands in `Authorization` or in the query. The 401 of `/open` does
 * not end.
 */
function guardedBy(good: ReadonlySet<string>, seen: Seen[]) {
  return async (request: Http2ServerRequest, response: Http2ServerResponse) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const url = new URL(request.url, 'http://localhost');
    const { authorization } = request.headers;
    seen.push({ path: request.url, authorization, httpVersion: request.httpVersion, body });
    const credentials = [authorization?.replace('Bearer ', ''), url.searchParams.get('api_key')];
    const isAccepted = credentials.some((credential) => credential && good.has(credential));
    response.writeHead(isAccepted ? 200 : 401, { 'content-type': 'text/plain' });
    if (isAccepted || url.pathname !== '/open') response.end(`${request.method} ${body}`);
    else response.write('more to come');
  };
}

export async function startOther(kind: 'https' | 'http2' | 'unix', good: ReadonlySet<string>): Promise<OtherServer> {
  const seen: Seen[] = [];
  const listener = guardedBy(good, seen);
  const server = serverOf(kind, listener);
  const socketPath = `/tmp/authwire-${process.pid}-${Math.random().toString(36).slice(2)}.sock`;
  await new Promise<void>((resolve) => server.listen(kind === 'unix' ? socketPath : 0, resolve));
  onTestFinished(() => new Promise<void>((resolve) => void server.close(() => resolve())));
  const base =
    kind === 'unix' ? `http://unix${socketPath}:` : `https://localhost:${(server.address() as AddressInfo).port}`;
  return { seen, base };
}

function serverOf(kind: 'https' | 'http2' | 'unix', listener: ReturnType<typeof guardedBy>): Server {
  if (kind === 'http2') {
    const server = createSecureServer({ key, cert, allowHTTP1: true }, listener);
    server.on('session', (session) => onTestFinished(() => session.destroy()));
    return server;
  }
  const server =
    kind === 'https'
      ? createHttpsServer({ key, cert }, listener as unknown as RequestListener)
      : createHttpServer(listener as unknown as RequestListener);
  onTestFinished(() => server.closeAllConnections());
  return server;
}

/** For `localhost`, trusted by nobody. */
const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgAda2x48xjdkdqUUN
ohP71wP/TFbkYpHnZboJOcsIgpqhRANCAARfeV88USmVNT2gjDLqxTpz1ZlUnkek
NPTPxrKIv2Pp8Bkd574cjSR0jaHFXDjkOXohOgRLSkteVT1D1HKkHg7c
-----END PRIVATE KEY-----
`;
const cert = `-----BEGIN CERTIFICATE-----
MIIBmzCCAUGgAwIBAgIULWoGSmBJrRm45eoyY3YqTyjqTuYwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMjE0NTc1NFoYDzIxMjYxMDI5
MTQ1NzU0WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAARfeV88USmVNT2gjDLqxTpz1ZlUnkekNPTPxrKIv2Pp8Bkd574cjSR0
jaHFXDjkOXohOgRLSkteVT1D1HKkHg7co28wbTAdBgNVHQ4EFgQU3xF9efwaxi4F
Qxf5gchl6o/R+DMwHwYDVR0jBBgwFoAU3xF9efwaxi4FQxf5gchl6o/R+DMwDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDSAAwRQIhAMQ7cgFvA+HonRWlj2itFCdJX/AxEqCzZK5oYwD2x8BIAiBC
KARDc07PjR6B2Eiac9BpZbzvRT4rZO5FstaagDPSFg==
-----END CERTIFICATE-----
`;
