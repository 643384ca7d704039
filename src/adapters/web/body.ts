/**
 * Bodies as fetch takes them: which can be sent twice, and how an answer's body is freed.
 */

import type { BodyInit } from '../../web-types.ts';

/** A function that makes a body afresh for every wire attempt: the way to resend what can be read only once. */
export type BodyFactory = () => BodyInit | null | Promise<BodyInit | null>;

/** Can this body be given to fetch a second time and send the same bytes? Streams and iterators cannot. */
export function isReplayable(body: unknown): boolean {
  if (body === undefined || body === null || typeof body === 'string') return true;
  return (
    body instanceof URLSearchParams ||
    body instanceof FormData ||
    body instanceof Blob ||
    body instanceof ArrayBuffer ||
    ArrayBuffer.isView(body)
  );
}

/** The bytes that will be sent; `undefined` where they can only be sent, or are not known before. */
export async function bytesOf(data: unknown): Promise<Uint8Array | undefined> {
  if (data === undefined || data === null) return new Uint8Array();
  if (typeof data === 'string' || data instanceof URLSearchParams) return new TextEncoder().encode(String(data));
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  return data instanceof Blob ? new Uint8Array(await data.arrayBuffer()) : undefined;
}

/** Above this a connection is cheaper to replace than to read empty. */
const DRAIN_LIMIT = 64 * 1024;

/**
 * Frees an answer that nobody will read: a small body is read, so that its connection can be used again; a large one is
 * cancelled, because an unread body blocks the connection. Cancelling isn't awaited: a sibling of a cloned body
 * would keep it waiting.
 */
export function discard(response: Response): undefined | Promise<void> {
  const { body } = response;
  if (body === null || response.bodyUsed) return undefined;
  const length = Number(response.headers.get('content-length') ?? Number.NaN);
  if (length <= DRAIN_LIMIT) return drain(body).catch(nothing);
  body.cancel().catch(nothing);
  return undefined;
}

/** Costs a third of `arrayBuffer()`, and keeps nothing. */
async function drain(body: ReadableStream<Uint8Array>): Promise<void> {
  const reader = body.getReader();
  while (!(await reader.read()).done);
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
