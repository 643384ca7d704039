import { formsOf } from '../src/logging/forms/forms-of.ts';
import { createCredentialFilter } from '../src/logging/index.ts';
import { cpuMs } from './cpu-time.ts';
import { median } from './statistics.ts';

/** What masking did, and what it should have done. */
export interface MaskingResult {
  readonly name: string;
  /** Megabytes of text in a second of processor time, the median of the rounds; undefined where it was not measured. */
  readonly filter: number;
  readonly replaceAll?: number;
  readonly regExp?: number;
  readonly target?: number;
}

type Mask = (text: string) => string;
interface Corpus {
  readonly name: string;
  readonly lines: readonly string[];
  readonly secrets: readonly string[];
  readonly target?: number;
  /** Whether the other ways are worth a comparison. */
  readonly compare: boolean;
}

const ALPHABET = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
const WORDS =
  'the request to upstream finished with status and took while waiting for connection pool user session cache miss item order payment retry attempt timeout handler worker queue'.split(
    ' ',
  );

/** A seeded generator: every run sees the same lines. */
let state = 5;
function random(below: number): number {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((state / 2 ** 32) * below);
}
const repeat = <T>(length: number, make: (index: number) => T): T[] => Array.from({ length }, (_, i) => make(i));
const letters = (length: number, from = ALPHABET) => repeat(length, () => from[random(from.length)]).join('');
const words = (length: number) => repeat(Math.ceil(length / 4), () => WORDS[random(WORDS.length)]).join(' ');
const secretsOf = (count: number) => repeat(count, () => letters(16 + random(32)));

function plainLine(length: number): string {
  const head = `2024-05-01T10:11:12.${100 + random(899)}Z INFO [http] GET /v1/items/${random(1e6)}?page=${random(99)} 200`;
  // Flat, as a logger hands it over: the pieces of a fresh text would be joined on the clock.
  return Buffer.from(`${head} trace=${letters(32, '0123456789abcdef')} ${words(length)}`.slice(0, length)).toString();
}

function jsonLine(length: number): string {
  const stack = repeat(
    length / 45,
    () => `    at handler (/app/src/${WORDS[random(WORDS.length)]}.js:${random(999)}:7)`,
  );
  return JSON.stringify({ level: 30, msg: `said "${words(40)}"`, err: { stack: stack.join('\n') } });
}

function corpora(): Corpus[] {
  const [short, long] = [repeat(200, () => plainLine(200)), repeat(40, () => plainLine(10_000))];
  const plain = [1, 10, 100, 1000].flatMap((count) => {
    const secrets = secretsOf(count);
    const targets = count === 1000 ? [{ target: 150 }, { target: 250 }] : [{}, {}];
    return [
      { name: `${count} secrets, lines of 200 B`, lines: short, secrets, compare: true, ...targets[0] },
      { name: `${count} secrets, lines of 10 kB`, lines: long, secrets, compare: true, ...targets[1] },
    ];
  });
  const header = 'eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIi';
  const jwts = repeat(1000, () => `${header}${letters(60)}.${letters(86)}`);
  const nested = repeat(500, (i) => 'a'.repeat(8 + i));
  return [
    ...plain,
    {
      name: '1000 secrets, JSON with escapes',
      lines: repeat(40, () => jsonLine(2000)),
      secrets: secretsOf(1000),
      target: 30,
      compare: true,
    },
    {
      name: '1000 JWTs, lines of their headers',
      lines: [`Bearer ${header}${letters(20)} `.repeat(100)],
      secrets: jwts,
      target: 3,
      compare: false,
    },
    {
      name: '500 nested secrets, 10 kB of them',
      lines: ['a'.repeat(10_000)],
      secrets: nested,
      target: 3,
      compare: false,
    },
    {
      name: '500 nested secrets, 100 kB of them',
      lines: ['a'.repeat(100_000)],
      secrets: nested,
      target: 3,
      compare: false,
    },
    {
      name: '500 nested secrets, near misses',
      lines: [`${'a'.repeat(7)}b`.repeat(1250)],
      secrets: nested,
      target: 3,
      compare: false,
    },
    {
      name: '1000 secrets, 30 kB of escapes',
      lines: ['%41'.repeat(10_000), '\\u0041'.repeat(5000)],
      secrets: secretsOf(1000),
      target: 3,
      compare: false,
    },
  ];
}

/** Measures the filter beside what people write by hand, on the same forms of the same secrets. */
export function measureMasking(rounds: number): MaskingResult[] {
  return corpora().map(({ name, lines, secrets, target, compare }) => {
    const filter = createCredentialFilter({ graceMs: 0 });
    for (const [i, secret] of secrets.entries()) filter.updateSecret(`key ${i}`, secret);
    const speeds = (mask: Mask) => median(repeat(rounds, () => speedOf(mask, lines)));
    const others = compare ? { replaceAll: speeds(byReplaceAll(secrets)), regExp: speeds(byRegExp(secrets)) } : {};
    return { name, filter: speeds(filter.mask), ...others, ...(target === undefined ? {} : { target }) };
  });
}

/** Microseconds that a new value takes at 1,000 keys: the median. */
export function measureUpdate(): number {
  const filter = createCredentialFilter({ graceMs: 0 });
  for (const [i, secret] of secretsOf(1000).entries()) filter.updateSecret(`key ${i}`, secret);
  const next = secretsOf(4000);
  return median(
    repeat(8, (round) => {
      const started = cpuMs();
      for (const [i, secret] of next.slice(500 * round, 500 * (round + 1)).entries())
        filter.updateSecret(`key ${i}`, secret);
      return (1000 * (cpuMs() - started)) / 500;
    }),
  );
}

/** Doubles the number of lines until the clock's own cost no longer counts. */
function speedOf(mask: Mask, lines: readonly string[]): number {
  for (let count = 1; ; count *= 2) {
    let bytes = 0;
    const started = cpuMs();
    for (let i = 0; i < count; i += 1) {
      const line = lines[i % lines.length] as string;
      mask(line);
      bytes += line.length;
    }
    const spent = cpuMs() - started;
    if (spent >= 20) return bytes / 1000 / spent;
  }
}

function literalsOf(secrets: readonly string[]): string[] {
  return [...new Set(secrets.flatMap((secret) => [...formsOf(secret).keys()]))];
}

function byReplaceAll(secrets: readonly string[]): Mask {
  const literals = literalsOf(secrets);
  return (text) =>
    literals.reduce(
      (masked, literal) => (masked.includes(literal) ? masked.replaceAll(literal, '*****') : masked),
      text,
    );
}

function byRegExp(secrets: readonly string[]): Mask {
  const escaped = literalsOf(secrets).map((literal) => literal.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'));
  const pattern = new RegExp(escaped.join('|'), 'g');
  return (text) => text.replace(pattern, '*****');
}

/** The results as a table, and the time of an update. */
export function maskingTable(results: readonly MaskingResult[], updateUs: number): string {
  const rows = results.map(({ name, filter, replaceAll, regExp, target }) => [
    name,
    filter,
    replaceAll ?? '–',
    regExp ?? '–',
    target === undefined ? '' : `≥ ${target}`,
    target === undefined ? '' : filter >= target ? 'met' : 'MISSED',
  ]);
  const update = ['a new value at 1000 keys, µs', updateUs, '–', '–', '≤ 200', updateUs <= 200 ? 'met' : 'MISSED'];
  const head = ['MB/s', 'filter', 'replaceAll', 'one RegExp', 'target', ''];
  const cells = [head, head.map(() => '---'), ...rows, update].map((row) => row.map(cell));
  return cells.map((row) => `| ${row.join(' | ')} |`).join('\n');
}

function cell(value: string | number): string {
  return typeof value === 'number' ? value.toFixed(value < 10 ? 1 : 0) : value;
}
