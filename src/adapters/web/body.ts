/**
 * Bodies as fetch takes them: which can be sent twice, how they are kept from changing, and how a response's body is freed.
 * Classes are told by their tag, so that those of another package or realm count as well.
 */

import { notify } from '../../lifecycle/promises.ts';
import type { BodyInit } from '../../web-types.ts';
import { multipartBlob } from './multipart.ts';
import { isFormData, tagOf } from './shape.ts';

/** A function that makes a body again for every wire attempt: the way to resend what can be read only once. */
export type BodyFactory = () => BodyInit | null | Promise<BodyInit | null>;

const REPLAYABLE = /^\[object (?:URLSearchParams|Blob|File|ArrayBuffer)\]$/;

/** Can this body be given to fetch a second time and send the same bytes? Streams and iterators cannot. */
export function isReplayable(body: unknown): boolean {
  if (body === undefined || body === null || typeof body === 'string') return true;
  return ArrayBuffer.isView(body) || REPLAYABLE.test(tagOf(body)) || isFormData(body);
}

/**
 * A body that nobody else can change, and that can be sent twice: what was given at the call is what every attempt sends.
 * `undefined`: it can be read only once.
 */
export function frozen(body: unknown): BodyInit | null | undefined {
  if (body === undefined || body === null) return null;
  if (typeof body === 'string') return body;
  const tag = tagOf(body);
  // fetch copies bytes itself. A Blob is that copy, made once.
  if (ArrayBuffer.isView(body) || tag.endsWith(' ArrayBuffer]')) return new Blob([body as ArrayBuffer]);
  if (tag.endsWith(' URLSearchParams]')) return new URLSearchParams(String(body));
  if (isFormData(body)) return multipartBlob(body);
  return REPLAYABLE.test(tag) ? (body as Blob) : undefined;
}

/** The bytes that will be sent; `undefined` where they can be read only once. */
export async function bytesOf(data: unknown): Promise<Uint8Array | undefined> {
  return isReplayable(data) ? new Uint8Array(await new Response(data as BodyInit).arrayBuffer()) : undefined;
}

/** Ends a body that will not be sent or read, so that its source is freed. Not awaited: a sibling would keep it waiting. */
export function abandon(body: unknown, reason?: unknown): void {
  const stream = body as { cancel?(reason: unknown): unknown; destroy?(): unknown } | null | undefined;
  // Those of node-fetch are streams of Node.
  notify(() => (stream?.cancel ? stream.cancel(reason) : stream?.destroy?.()));
}

interface Read {
  readonly chunks: Uint8Array<ArrayBuffer>[];
  /** It came to its end within the limits. */
  readonly isWhole: boolean;
}

/** Reads a stream up to a limit in bytes, and where `ms` is given, in time. Cancels what is left. */
async function readUpTo(stream: ReadableStream<Uint8Array>, limit: number, ms?: number): Promise<Read> {
  const reader = stream.getReader();
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let left = limit;
  // A read that waits comes back empty-handed when the reader is cancelled.
  const cancel = () => {
    left = -1;
    abandon(reader);
  };
  const timer = ms === undefined ? ms : setTimeout(cancel, ms);
  try {
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
      chunks.push(chunk.value as Uint8Array<ArrayBuffer>);
      left -= chunk.value.byteLength;
      if (left < 0) cancel();
    }
  } finally {
    clearTimeout(timer);
  }
  return { chunks, isWhole: left >= 0 };
}

const MIB = 1024 * 1024;

/**
 * The body of a Request, for another Request. One that is all there, such as text, becomes a Blob, so that its length is
 * known and sent; one that has to be waited for stays a stream, and nothing of it is held back.
 */
export async function blobOrStream(request: Request): Promise<Blob | ReadableStream<Uint8Array>> {
  // Firefox shows no stream.
  if (!request.body) return request.blob();
  const [probe, whole] = request.body.tee();
  const { chunks, isWhole } = await readUpTo(probe, MIB, 0);
  if (!isWhole) return whole;
  abandon(whole);
  return new Blob(chunks);
}

/** Above this a connection is cheaper to replace than to read empty. */
export const DRAIN_LIMIT = 64 * 1024;
/** A server that sends slower than this keeps nobody waiting. */
export const DRAIN_MS = 250;

/**
 * Frees an answer that nobody will read: a small body is read, so that its connection can be used again; one that is large
 * or slow is cancelled, because an unread body blocks the connection.
 */
export function discard({ body, bodyUsed, headers }: Response): undefined | Promise<unknown> {
  if (!body || bodyUsed) return undefined;
  const isSmall = Number(headers.get('content-length')) <= DRAIN_LIMIT;
  if (isSmall && 'getReader' in body) return readUpTo(body, DRAIN_LIMIT, DRAIN_MS).catch(() => undefined);
  abandon(body);
  return undefined;
}

/** Nobody who looks at a body waits longer for it, in milliseconds. */
export const READ_MS = 30_000;

/** Text of a response without using up the caller's body; at most 1 MiB of it, and what has come within 30 s. */
export async function peekText(response: Response): Promise<string> {
  const body = response.bodyUsed ? null : response.clone().body;
  if (body === null) return '';
  const { chunks } = await readUpTo(body, MIB, READ_MS);
  return (await new Blob(chunks).text()).slice(0, MIB);
}
