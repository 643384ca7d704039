/**
 * What a command prints, kept within bounds however much it is.
 */

import type { Readable } from 'node:stream';

/** Standard output, up to this many bytes: 1 MiB. */
const MOST_BYTES = 1024 * 1024;
/** Of standard error the end. More than is shown, because masking needs the surroundings. */
const TAIL_BYTES = 65_536;

/** Keeps all of it; `exceeded` is called when there is more than 1 MiB. */
export function collectAll(stream: Readable, exceeded: () => void): () => Buffer {
  const chunks: Buffer[] = [];
  let size = 0;
  stream.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size <= MOST_BYTES) chunks.push(chunk);
    else exceeded();
  });
  stream.on('error', ignore);
  return () => Buffer.concat(chunks);
}

/** Keeps the end as text, in whole lines where the beginning was cut: half a secret would not be recognised. */
export function collectTail(stream: Readable): () => string {
  const chunks: Buffer[] = [];
  let size = 0;
  let isCut = false;
  stream.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    size += chunk.length;
    for (let [first] = chunks; first !== undefined && size - first.length >= TAIL_BYTES; [first] = chunks) {
      chunks.shift();
      size -= first.length;
      isCut = true;
    }
  });
  stream.on('error', ignore);
  return () => {
    const text = new TextDecoder().decode(Buffer.concat(chunks));
    return isCut ? text.slice(text.indexOf('\n') + 1) : text;
  };
}

/** The output ends there, and how the command ends says the rest. */
function ignore(): void {}
