import { type CredentialFilter, credentialFilter } from '../credential-filter.ts';
import { override, type Undo, undoAll } from './override.ts';

/** Encodings in which a string is a way of writing bytes. In all others it is text. */
const BYTES = /^(?:hex|base64|base64url)$/i;

/** A stream of Node, or whatever else is written to. */
export interface WritableLike {
  /** Writes a chunk. */
  write(chunk: never, ...rest: never[]): unknown;
}

/**
 * Masks whatever is written to a stream from now on, each `write` by itself. Nothing is held back, so prompts appear
 * at once; for a text that comes in pieces, such as another process's output, pipe it through `createStream()`. Bytes
 * that hold no secret are passed on as they are, text or not.
 *
 * @param filter - Default: the filter of the process.
 * @returns a function that puts the stream's own methods back.
 * @example
 * wrapWritable(fs.createWriteStream('app.log'));
 */
export function wrapWritable(stream: WritableLike, filter: CredentialFilter = credentialFilter): Undo {
  const masked = ([chunk, ...rest]: unknown[]) => [maskChunk(chunk, rest[0], filter), ...rest];
  return undoAll(['write', 'end'].map((name) => override(stream, name, masked)));
}

/**
 * Masks whatever this process writes to its standard output and error from now on, each `write` by itself. What goes to
 * the file descriptors past these streams is not seen: errors that nobody catches, child processes, pino's own destination.
 *
 * @param filter - Default: the filter of the process.
 * @returns a function that puts the streams' own methods back.
 * @example
 * wrapProcessOutput();
 */
export function wrapProcessOutput(filter: CredentialFilter = credentialFilter): Undo {
  const { stdout, stderr } = globalThis.process ?? {};
  return undoAll([stdout, stderr].flatMap((stream) => (stream ? [wrapWritable(stream, filter)] : [])));
}

function maskChunk(chunk: unknown, encoding: unknown, filter: CredentialFilter): unknown {
  if (typeof chunk === 'string') {
    return typeof encoding === 'string' && BYTES.test(encoding)
      ? maskEncoded(chunk, encoding, filter)
      : filter.mask(chunk);
  }
  if (!(chunk instanceof Uint8Array)) return typeof chunk === 'function' ? chunk : filter.maskObject(chunk);
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(chunk);
  const masked = filter.mask(text);
  return masked === text ? chunk : new TextEncoder().encode(masked);
}

/** Bytes that were written as text are masked as what they are, and written in the same way again. */
function maskEncoded(chunk: string, encoding: string, filter: CredentialFilter): string {
  const bytes = globalThis.Buffer.from(chunk, encoding as BufferEncoding);
  const masked = maskChunk(bytes, undefined, filter);
  return masked === bytes ? chunk : globalThis.Buffer.from(masked as Uint8Array).toString(encoding as BufferEncoding);
}
