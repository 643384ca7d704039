import { inspect } from 'node:util';

export type Random = (below: number) => number;

/** One text with a secret in it. */
export interface MaskingCase {
  readonly secret: string;
  readonly encoding: string;
  readonly before: string;
  readonly encoded: string;
  readonly after: string;
  /** How many characters of the encoded text are not the secret's. */
  readonly foreign: number;
}

/** A seeded generator (mulberry32): a failing case fails again. */
export function seeded(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

export function textFrom(alphabet: string, length: number, random: Random): string {
  const chars = [...alphabet];
  return Array.from({ length }, () => chars[random(chars.length)]).join('');
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const TOKEN = `${LETTERS}0123456789-_`;
const HARD = `${LETTERS}0123456789 +/=&%"'\\~!()*?#$@:;<>[]{}|^\`,.-_`;

const secrets: readonly ((random: Random) => string)[] = [
  (random) => textFrom(TOKEN, 16 + random(40), random),
  (random) => `sk_live_${textFrom(TOKEN, 24, random)}`,
  (random) => textFrom('0123456789abcdef', 32, random),
  (random) => `x${textFrom(HARD, 6 + random(30), random)}x`,
  (random) => `x${textFrom(`${HARD}éßñ漢字☃𝒜\n\t`, 8 + random(20), random)}x`,
  (random) => textFrom(LETTERS, 8 + random(6), random),
  (random) => `${textFrom(LETTERS, 4 + random(4), random)} ${textFrom(LETTERS, 4 + random(4), random)}`,
  (random) => textFrom('0123456789', 9 + random(8), random),
  (random) => {
    const payload = Buffer.from(JSON.stringify({ sub: textFrom(TOKEN, 12, random), exp: random(2 ** 31) }));
    return `eyJhbGciOiJIUzI1NiJ9.${payload.toString('base64url')}.${textFrom(TOKEN, 43, random)}`;
  },
];

const utf8 = (text: string) => Buffer.from(text);
const escapeUnit = (char: string) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
const percentByte = (byte: number) => `%${byte.toString(16).padStart(2, '0').toUpperCase()}`;
const entity = (char: string) => `&#${char.codePointAt(0)};`;

const simple: Readonly<Record<string, (text: string, random: Random) => string>> = {
  raw: (text) => text,
  base64: (text) => utf8(text).toString('base64'),
  base64url: (text) => utf8(text).toString('base64url'),
  hex: (text) => utf8(text).toString('hex'),
  'upper hex': (text) => utf8(text).toString('hex').toUpperCase(),
  component: (text) => encodeURIComponent(text),
  'mixed percent': (text, random) =>
    Array.from(utf8(text), (byte) => (random(2) ? percentByte(byte) : percentByte(byte).toLowerCase())).join(''),
  'partial percent': (text, random) =>
    [...text].map((char) => (/\w/.test(char) && random(3) ? char : encodeFully(char))).join(''),
  form: (text) => new URLSearchParams({ k: text }).toString().slice(2),
  JSON: (text) => JSON.stringify(text).slice(1, -1),
  'JS escapes': (text, random) =>
    text
      .split('')
      .map((unit) => (random(2) || /[^\w ]/.test(unit) ? escapeUnit(unit) : unit))
      .join(''),
  'HTML entities': (text) => text.replace(/[^\w ]/gu, entity),
  XML: (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;'),
};
const USER = 5;
const outer: typeof simple = {
  'in a Basic header': (text, random) => utf8(`${textFrom(LETTERS, USER, random)}:${text}`).toString('base64'),
  'spaced hex': (text) => (utf8(text).toString('hex').match(/../g) ?? []).join(' '),
  'colon hex': (text) => (utf8(text).toString('hex').toUpperCase().match(/../g) ?? []).join(':'),
  'decimal list': (text) => [...utf8(text)].join(', '),
  'JSON of a Buffer': (text) => [...utf8(text)].join(','),
  'UTF-16 in base64': (text) => Buffer.from(text, 'utf16le').toString('base64'),
  'typed array': (text) =>
    inspect(new Uint8Array(utf8(text)), { maxArrayLength: null }).replace(/^\S+ \[\s|\s?\]$/g, ''),
  inspect: (text) => inspect(text).slice(1, -1),
  shell: (text) => text.replaceAll("'", "'\\''"),
  SQL: (text) => text.replaceAll("'", "''"),
};
const frames: readonly ((random: Random) => readonly [string, string])[] = [
  () => ['', ''],
  (random) => [`${textFrom(LETTERS, 5, random)} `, ` ${textFrom(LETTERS, 5, random)}`],
  (random) => [`2024-05-01T10:11:12.${random(999)}Z INFO [http] 200 GET /v1/items "`, '" 12ms'],
  (random) => [`https://api.example/items/${random(1e6)}?page=2&token=`, '&sort=asc'],
  () => ['{"level":30,"msg":"said","value":"', '","status":401}'],
  (random) => [`id=${textFrom('0123456789abcdef', 32, random)} key=`, '; path=/; secure'],
  (random) => [`${textFrom(TOKEN, 40, random)} [`, `] ${textFrom(TOKEN, 40, random)}`],
  () => ["curl -H 'Authorization: Bearer ", "' 100% of \\d+ &c."],
  () => ['<a href="', '">(3, 4, 5)</a>'],
];

function encodeFully(char: string): string {
  return Array.from(utf8(char), percentByte).join('');
}

function pick<T>(list: readonly T[], random: Random): T {
  return list[random(list.length)] as T;
}

/** A secret of any kind, in any encoding or in up to three on top of each other, in the middle of anything. */
export function maskingCase(random: Random): MaskingCase {
  const secret = pick(secrets, random)(random);
  const inner = Array.from({ length: random(3) }, () => pick(Object.entries(simple), random));
  const last = pick(Object.entries({ ...simple, ...outer }), random);
  const steps = [...inner, last];
  const encoded = steps.reduce((text, [, encode]) => encode(text, random), secret);
  const [before, after] = pick(frames, random)(random);
  const foreign = last[0] === 'in a Basic header' ? (4 / 3) * (USER + 1) : 0;
  return { secret, encoding: steps.map(([name]) => name).join(', '), before, encoded, after, foreign };
}
