/**
 * Bodies as fetch takes them: which can be sent twice, how they are kept from changing, and how an answer's body is freed.
 * Classes are told by their tag, so that those of another package or realm count as well.
 */

import type { BodyInit } from '../../web-types.ts';
import { isBlob, isFormData, tagOf } from './shape.ts';

export { tagOf };

/** A function that makes a body afresh for every wire attempt: the way to resend what can be read only once. */
export type BodyFactory = () => BodyInit | null | Promise<BodyInit | null>;

const REPLAYABLE = /^\[object (?:URLSearchParams|Blob|File|ArrayBuffer)\]$/;

/** Can this body be given to fetch a second time and send the same bytes? Streams and iterators cannot. */
export function isReplayable(body: unknown): boolean {
  if (body === undefined || body === null || typeof body === 'string') return true;
  return ArrayBuffer.isView(body) || REPLAYABLE.test(tagOf(body)) || isFormData(body);
}

/**
 * A body that nobody else can change: what was given at the call is what every attempt sends. fetch copies bytes itself;
 * a Blob is that copy, made once.
 */
export function frozen(body: unknown): unknown {
  if (body === undefined || body === null || typeof body === 'string') return body;
  if (ArrayBuffer.isView(body)) return new Blob([body as ArrayBufferView<ArrayBuffer>]);
  const tag = tagOf(body);
  if (tag === '[object URLSearchParams]') return new URLSearchParams(String(body));
  return tag === '[object ArrayBuffer]' ? new Blob([body as ArrayBuffer]) : body;
}

/** The bytes that will be sent; `undefined` where they can only be sent, or are not known before. */
export async function bytesOf(data: unknown): Promise<Uint8Array | undefined> {
  if (data === undefined || data === null) return new Uint8Array();
  const tag = tagOf(data);
  if (typeof data === 'string' || tag === '[object URLSearchParams]') return new TextEncoder().encode(String(data));
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  if (tag === '[object ArrayBuffer]') return new Uint8Array(data as ArrayBuffer);
  return isBlob(data) ? new Uint8Array(await data.arrayBuffer()) : undefined;
}

/** Ends a body that will not be sent, so that whatever it comes from is freed. Not awaited: a sibling would keep it waiting. */
export function abandon(body: unknown, reason?: unknown): void {
  const stream = body as { cancel?(reason: unknown): unknown; destroy?(reason?: unknown): unknown; locked?: boolean };
  try {
    if (typeof stream?.cancel === 'function') {
      if (stream.locked !== true) Promise.resolve(stream.cancel(reason)).catch(nothing);
    } else if (typeof stream?.destroy === 'function') stream.destroy();
  } catch {}
}

/** A body that is at hand is at most this large. */
const AT_HAND = 1024 * 1024;

/**
 * The body of a Request, for another Request. One that is all there, such as text, becomes a Blob, so that its length is
 * known and sent; one that has to be waited for stays a stream, and nothing of it is held back.
 */
export async function blobOrStream(body: ReadableStream<Uint8Array>): Promise<Blob | ReadableStream<Uint8Array>> {
  const reader = body.getReader();
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  const later = new Promise<undefined>((resolve) => setTimeout(resolve));
  let size = 0;
  let read = reader.read();
  for (;;) {
    const chunk = await Promise.race([read, later]);
    if (chunk === undefined || size > AT_HAND) break;
    if (chunk.done) return new Blob(chunks);
    chunks.push(chunk.value as Uint8Array<ArrayBuffer>);
    size += chunk.value.byteLength;
    read = reader.read();
  }
  return new ReadableStream({
    async pull(controller) {
      const chunk = chunks.shift();
      if (chunk !== undefined) return controller.enqueue(chunk);
      const { done, value } = await read;
      if (done) return controller.close();
      controller.enqueue(value);
      read = reader.read();
      read.catch(nothing);
    },
    cancel: (reason) => reader.cancel(reason),
  });
}

/** Above this a connection is cheaper to replace than to read empty. */
export const DRAIN_LIMIT = 64 * 1024;
/** A server that sends slower than this keeps nobody waiting. */
export const DRAIN_MS = 250;

/**
 * Frees an answer that nobody will read: a small body is read, so that its connection can be used again; one that is large
 * or slow is cancelled, because an unread body blocks the connection.
 */
export function discard(response: Response): undefined | Promise<void> {
  const { body } = response;
  if (body === null || body === undefined || response.bodyUsed) return undefined;
  const length = Number(response.headers.get('content-length') ?? 0);
  // Those of node-fetch are streams of Node.
  if (typeof body.getReader === 'function' && length <= DRAIN_LIMIT) return drain(body).catch(nothing);
  abandon(body);
  return undefined;
}

/** Costs a third of `arrayBuffer()`, and keeps nothing. */
async function drain(body: ReadableStream<Uint8Array>): Promise<void> {
  const reader = body.getReader();
  // A read that waits comes back empty-handed when the reader is cancelled.
  const cancel = () => void reader.cancel().catch(nothing);
  const timer = setTimeout(cancel, DRAIN_MS);
  try {
    let left = DRAIN_LIMIT;
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
      left -= chunk.value.byteLength;
      if (left < 0) return cancel();
    }
  } finally {
    clearTimeout(timer);
  }
}

function nothing(): void {}

/** Text of a response without using up the caller's body; at most 1 MiB of it. */
export async function peekText(response: Response): Promise<string> {
  const body = response.bodyUsed ? null : response.clone().body;
  if (body === null) return '';
  const decoder = new TextDecoder();
  const reader = body.getReader();
  let text = '';
  for (let chunk = await reader.read(); !chunk.done && text.length < PEEK_LIMIT; chunk = await reader.read()) {
    text += decoder.decode(chunk.value, { stream: true });
  }
  reader.cancel().catch(nothing);
  return text.slice(0, PEEK_LIMIT);
}

const PEEK_LIMIT = 1024 * 1024;
