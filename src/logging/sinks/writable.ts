import { type CredentialFilter, credentialFilter } from '../credential-filter.ts';
import type { Undo } from './console.ts';

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
  const own = new Map<string, PropertyDescriptor | undefined>();
  for (const name of ['write', 'end']) {
    const method: unknown = Reflect.get(stream, name);
    if (typeof method !== 'function') continue;
    own.set(name, Object.getOwnPropertyDescriptor(stream, name));
    const value = (chunk: unknown, ...rest: unknown[]) =>
      Reflect.apply(method, stream, [maskChunk(chunk, rest[0], filter), ...rest]);
    Object.defineProperty(stream, name, { value, configurable: true, writable: true });
  }
  return () => {
    for (const [name, descriptor] of own) {
      if (descriptor) Object.defineProperty(stream, name, descriptor);
      else Reflect.deleteProperty(stream, name);
    }
  };
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
  const undo = [stdout, stderr].flatMap((stream) => (stream ? [wrapWritable(stream, filter)] : []));
  return () => {
    for (const each of undo) each();
  };
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
