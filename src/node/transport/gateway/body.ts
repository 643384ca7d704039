import type { ClientRequest, IncomingMessage } from 'node:http';

/** What is kept so that it can be sent again: more than any form or JSON that is usual. */
const MOST_KEPT_BYTES = 256 * 1024;

/** The body of a request on its way to the proxy. */
export interface ForwardedBody {
  /** All of it; `undefined` for what is passed on as it comes, and only once. */
  readonly kept: Uint8Array | undefined;
  sendTo(request: ClientRequest): void;
}

/** Keeps a body whose length is known and small. */
export async function forwardedBody(message: IncomingMessage): Promise<ForwardedBody> {
  const length = Number(message.headers['content-length'] ?? 0);
  if (message.headers['transfer-encoding'] !== undefined || !(length <= MOST_KEPT_BYTES)) {
    return { kept: undefined, sendTo: (request) => void message.pipe(request) };
  }
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk);
  const kept = Buffer.concat(chunks);
  return { kept, sendTo: (request) => void request.end(kept) };
}
