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
  const stream = globalThis.process?.getBuiltinModule?.('node:stream');
  if (stream === undefined) {
    throw new ConfigurationError('createStream() needs node:stream. Use transformStream() here.');
  }
  return new stream.Transform({
    // Turned into bytes, the halves of a surrogate pair that come in two writes would be lost.
    decodeStrings: false,
    transform(chunk: string | Uint8Array, encoding, done) {
      const isEncoded = typeof chunk === 'string' && !TEXT.test(encoding);
      done(null, push(isEncoded ? Buffer.from(chunk, encoding) : chunk));
    },
    flush(done) {
      done(null, end());
    },
  });
}
