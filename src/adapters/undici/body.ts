/** Bodies as undici takes them. */

import type { Dispatcher } from 'undici';
import { isArrayBuffer, isBlob } from '../web/shape.ts';

/** A body of undici's, and what undici sends although its types do not say so. */
export type UndiciBody = Dispatcher.DispatchOptions['body'] | Blob | ArrayBuffer | AsyncIterable<Uint8Array>;

/** A function that makes a body again for every wire attempt: the way to resend what can be read only once. */
export type UndiciBodyFactory = () => UndiciBody | Promise<UndiciBody>;

/** The bytes of a body that can be sent twice, `undefined` of all others. */
export async function bytesOf(body: unknown): Promise<Uint8Array | undefined> {
  if (body === undefined || body === null) return new Uint8Array();
  if (typeof body === 'string') return new TextEncoder().encode(body);
  if (ArrayBuffer.isView(body)) return new Uint8Array(body.buffer, body.byteOffset, body.byteLength);
  if (isArrayBuffer(body)) return new Uint8Array(body);
  return isBlob(body) ? new Uint8Array(await body.arrayBuffer()) : undefined;
}

interface StreamLike {
  on(event: 'error', listener: (error: Error) => void): unknown;
  off(event: 'error', listener: (error: Error) => void): unknown;
  destroy(): unknown;
}

function isStream(body: unknown): body is StreamLike {
  return typeof (body as StreamLike | undefined)?.on === 'function' && 'destroy' in (body as StreamLike);
}

const ignore = (): void => {};

/**
 * Hears the errors of a stream that waits with its request: undici listens only from the moment of sending, and an error
 * that nobody hears ends the process. Returns what stops listening.
 */
export function hearErrors(body: unknown, onError: (error: Error) => void): () => void {
  if (!isStream(body)) return ignore;
  body.on('error', onError);
  return () => body.off('error', onError);
}

/** Closes a stream that was made for a request that will not be sent. */
export function discardBody(body: unknown): void {
  if (!isStream(body)) return;
  body.on('error', ignore);
  body.destroy();
}
