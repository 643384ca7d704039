import type { IncomingMessage } from 'node:http';

/** More than any authorization server posts. */
const MOST_BYTES = 16_384;

/** The body of a form; `undefined`: it is longer than {@link MOST_BYTES}. Rejects when the client goes away. */
export async function readBody(request: IncomingMessage): Promise<string | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > MOST_BYTES) return undefined;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.byteLength;
    if (size > MOST_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
