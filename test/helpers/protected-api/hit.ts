import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

/** What the server saw of one request. */
export interface Hit {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
  /** Name and value in turn, as they came: shows a header that was sent twice. */
  readonly rawHeaders: readonly string[];
  /** The origin that the client meant, as its `Host` header says. */
  readonly origin: string;
  readonly body: Uint8Array<ArrayBuffer>;
  readonly bodySha256: string;
  readonly bodyLength: number;
  readonly contentType: string | undefined;
  /** Which TCP connection it came on; the server's first is 1. */
  readonly connection: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** SHA-256 of some bytes, in hex. */
export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/** Reads one request to its end. Rejects where the client went away before that. */
export async function readHit(request: IncomingMessage, connection: number): Promise<Hit> {
  const at = Date.now();
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  const origin = `http://${request.headers.host}`;
  const url = new URL(request.url ?? '/', origin);
  return {
    method: request.method ?? '',
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: request.headers,
    rawHeaders: request.rawHeaders,
    origin,
    body,
    bodySha256: sha256(body),
    bodyLength: body.byteLength,
    contentType: request.headers['content-type'],
    connection,
    at,
  };
}

/** Every place where a credential may stand in a request, whichever scheme put it there. */
export function presentedCredentials(hit: Hit): string[] {
  const { authorization, cookie } = hit.headers;
  const apiKey = hit.headers['x-api-key'];
  const cookies = (cookie ?? '').split(';').map((pair) => pair.trim().split('='));
  const candidates = [
    authorization?.slice(authorization.indexOf(' ') + 1),
    typeof apiKey === 'string' ? apiKey : undefined,
    hit.query.api_key,
    cookies.find(([name]) => name === 'session')?.[1],
  ];
  return candidates.filter((value) => value !== undefined);
}

/** Does any part of what came in hold this text? For the question "did a secret reach this server at all?". */
export function mentions(hit: Hit, text: string): boolean {
  return JSON.stringify([hit.path, hit.query, hit.rawHeaders]).includes(text);
}
