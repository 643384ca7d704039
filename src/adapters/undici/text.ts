/**
 * The text of a body as it stands on the wire: below undici's fetch and its decompress interceptor, it is still encoded.
 */

/**
 * Decodes UTF-8 after any `Content-Encoding` that the runtime knows, and at most `limit` characters. A body that was cut
 * short gives the text as far as it goes; one that cannot be decoded gives none.
 */
export async function decodeText(
  chunks: readonly Uint8Array[],
  encoding: string | null,
  limit: number,
): Promise<string> {
  const codings = codingsOf(encoding);
  if (codings.length > MAX_CODINGS) return '';
  const decoder = new TextDecoder();
  let text = '';
  try {
    for await (const chunk of decoded(chunks, codings)) {
      text += decoder.decode(chunk, { stream: true });
      if (text.length >= limit) break;
    }
  } catch {
    // What was readable up to here is the answer.
  }
  return text.slice(0, limit);
}

/** More of them than any server uses are there to cost time. */
const MAX_CODINGS = 5;

function codingsOf(encoding: string | null): string[] {
  return (encoding ?? '')
    .toLowerCase()
    .split(',')
    .map((coding) => coding.trim().replace(/^x-/, ''))
    .filter((coding) => coding !== '' && coding !== 'identity');
}

function decoded(chunks: readonly Uint8Array[], codings: readonly string[]): AsyncIterable<Uint8Array> {
  let stream = new Blob(chunks as Uint8Array<ArrayBuffer>[]).stream() as ReadableStream<Uint8Array<ArrayBuffer>>;
  for (const coding of codings.toReversed()) stream = stream.pipeThrough(new DecompressionStream(formatOf(coding)));
  return stream as unknown as AsyncIterable<Uint8Array>;
}

function formatOf(coding: string): CompressionFormat {
  return (coding === 'br' ? 'brotli' : coding) as CompressionFormat;
}
