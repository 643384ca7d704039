import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { inspect } from 'node:util';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ConfigurationError } from '../../../../src/errors.ts';
import { createCredentialFilter } from '../../../../src/logging/credential-filter.ts';
import { maskingCase, type Random, seeded } from '../random-cases.ts';

const VALUE = 'open sesame';
const PEM = `-----BEGIN PRIVATE KEY-----\n${'MIIEvQIBADANBgkqhkiG9w0BAQ\n'.repeat(4)}ab==\n-----END PRIVATE KEY-----`;

function filterWith(...values: string[]) {
  const filter = createCredentialFilter();
  for (const [i, value] of values.entries()) filter.updateSecret(`key ${i}`, value);
  return filter;
}

type Filter = ReturnType<typeof filterWith>;
type Chunk = string | Uint8Array;

async function throughNode(filter: Filter, chunks: readonly Chunk[]): Promise<string> {
  const out: Buffer[] = [];
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      out.push(chunk);
      done();
    },
  });
  await pipeline(Readable.from(chunks, { objectMode: true }), filter.createStream(), sink);
  return Buffer.concat(out).toString();
}

async function throughWeb(filter: Filter, chunks: readonly Chunk[]): Promise<string> {
  let text = '';
  const source = new ReadableStream<Chunk>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
  for await (const piece of source.pipeThrough(filter.transformStream())) text += piece;
  return text;
}

const ways = [
  ['a Node stream', throughNode],
  ['a web stream', throughWeb],
] as const;

function inPieces(text: string, random: Random, most: number): string[] {
  const pieces: string[] = [];
  for (let at = 0; at < text.length; ) {
    const end = at + 1 + random(most);
    pieces.push(text.slice(at, end));
    at = end;
  }
  return pieces;
}

describe.each(ways)('%s', (_name, through) => {
  it.each<[string, Chunk[], string]>([
    ['a secret in two pieces', ['say open ', 'sesame!'], 'say *****!'],
    ['a secret in bytes, cut within a character', [Buffer.from('ä').subarray(0, 1), Buffer.from('ä').subarray(1)], 'ä'],
    ['the halves of a surrogate pair', ['a\uD83D', '\uDE00b\n'], 'a😀b\n'],
    ['an escape in two pieces', ['k=open%2', '0sesame'], 'k=*****'],
    ['many single characters', [...`a ${VALUE} b`], 'a ***** b'],
    ['an empty stream', [], ''],
  ])('masks %s', async (_case, chunks, masked) => {
    expect(await through(filterWith(VALUE), chunks)).toBe(masked);
  });

  it('masks a secret of several lines wherever it is cut', async () => {
    const text = `key:\n${PEM}\nend\n`;
    for (let at = 1; at < text.length; at += 1) {
      expect(await through(filterWith(PEM), [text.slice(0, at), text.slice(at)])).toBe('key:\n*****\nend\n');
    }
  });

  it('masks a printed list of bytes wherever it is cut', async () => {
    const text = `${inspect(new Uint8Array(Buffer.from(`${VALUE} and more of it`)), { compact: 3 })}\n`;
    for (let at = 1; at < text.length; at += 1) {
      const masked = await through(filterWith(`${VALUE} and more of it`), [text.slice(0, at), text.slice(at)]);
      expect(masked, `cut at ${at}`).toMatch(/^\S+ \[\s+\*{5}\s+\]\n$/);
    }
  });

  it('masks lines in random pieces as the filter masks them whole', async () => {
    const random = seeded(11);
    const cases = Array.from({ length: 300 }, () => maskingCase(random)).filter(
      ({ encoded }) => !encoded.includes('\n') && encoded.length < 2000,
    );
    const filter = filterWith(...cases.map((each) => each.secret));
    const lines = cases.map(({ before, encoded, after }) => `${before}${encoded}${after}\n`);
    expect(await through(filter, inPieces(lines.join(''), random, 80))).toBe(lines.map(filter.mask).join(''));
  });

  it('masks random pieces of a text without line ends', async () => {
    const random = seeded(12);
    const text = Array.from({ length: 2000 }, (_, n) => `${n} words and k=open%20sesame; `).join('');
    const masked = await through(filterWith(VALUE), inPieces(text, random, 700));
    expect(masked).toBe(text.replaceAll('open%20sesame', '*****'));
  });
});

describe('what is held back', () => {
  /** Counts what has come out after each chunk has gone in. */
  async function shares(filter: Filter, chunk: string, count: number): Promise<number> {
    const stream = filter.transformStream();
    const writer = stream.writable.getWriter();
    const reader = stream.readable.getReader();
    let out = 0;
    const reading = (async () => {
      for (let read = await reader.read(); !read.done; read = await reader.read()) out += read.value.length;
    })();
    for (let i = 0; i < count; i += 1) await writer.write(chunk);
    await new Promise((resolve) => setImmediate(resolve));
    const before = out;
    await writer.close();
    await reading;
    return before / out;
  }

  it('of a text without line ends, less than a tenth', async () => {
    expect(await shares(filterWith(VALUE), 'x'.repeat(1000), 200)).toBeGreaterThan(0.9);
    expect(await shares(filterWith(VALUE), 'some words ', 20_000)).toBeGreaterThan(0.9);
    expect(await shares(filterWith(VALUE), `${VALUE} `, 20_000)).toBeGreaterThan(0.9);
  });

  it('of whole lines, nothing, even when a secret has several lines', async () => {
    expect(await shares(filterWith(VALUE, PEM), 'a line\n', 3)).toBe(1);
  });

  it('costs no more when a text comes in single characters', async () => {
    const started = performance.now();
    await throughNode(
      filterWith(VALUE),
      Array.from({ length: 50_000 }, () => 'x'),
    );
    expect(performance.now() - started).toBeLessThan(5000);
  });
});

describe('where there is no node:stream', () => {
  afterEach(() => vi.unstubAllGlobals());

  it('createStream says what to use instead', () => {
    vi.stubGlobal('process', undefined);
    expect(() => filterWith(VALUE).createStream()).toThrow(ConfigurationError);
    expect(() => filterWith(VALUE).createStream()).toThrow('transformStream()');
  });
});

it('a stream shows no secret to an inspector', () => {
  const filter = filterWith(VALUE);
  for (const stream of [filter.createStream(), filter.transformStream()]) {
    expect(inspect(stream, { showHidden: true, depth: 12, getters: true })).not.toContain('sesame');
  }
});
