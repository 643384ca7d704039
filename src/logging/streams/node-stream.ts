import { ConfigurationError } from '../../errors.ts';
import type { TextMasker } from './text-masker.ts';

type Transform = import('node:stream').Transform;

/** Strings in these encodings are text; those in others are bytes, written in a strange way. */
const TEXT = /^(?:utf-?8|ucs-?2|utf-?16le)$/i;

/**
 * Makes a stream of Node around a masker: text or UTF-8 in, masked UTF-8 out.
 *
 * @throws {@link ConfigurationError} where there is no `node:stream`.
 */
export function nodeStream({ push, end }: TextMasker): Transform {
  const modules = globalThis.process?.getBuiltinModule;
  const stream = modules?.('node:stream');
  const decoders = modules?.('node:string_decoder');
  if (!stream || !decoders) {
    throw new ConfigurationError('createStream() needs node:stream, which is not here: use transformStream() instead.');
  }
  const decoder = new decoders.StringDecoder('utf8');
  return new stream.Transform({
    // Turned into bytes, the halves of a surrogate pair that come in two writes would be lost.
    decodeStrings: false,
    transform(chunk: string | Uint8Array, encoding, done) {
      const isText = typeof chunk === 'string' && TEXT.test(encoding);
      done(null, push(isText ? chunk : decoder.write(bytesOf(chunk, encoding))));
    },
    flush(done) {
      done(null, push(decoder.end()) + end());
    },
  });
}

function bytesOf(chunk: string | Uint8Array, encoding: BufferEncoding): Buffer {
  if (typeof chunk === 'string') return Buffer.from(chunk, encoding);
  return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
}
