import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAuthParams, parseChallenges, readChallenges } from '../../../src/challenge/parse.ts';
import { writtenChallenge } from './written.ts';

const CAP = 64 * 1024;
/** The most steps per character: a token68 that turns out to be a parameter is read twice. */
const STEPS = 4;

const letters = [...'abcXYZ019!#$%&*+-.^_|~'];
const token = fc.string({ unit: fc.constantFrom(...letters), minLength: 1, maxLength: 12 });
const base64 = fc.string({ unit: fc.constantFrom(...'abcXYZ019-._~+/'), minLength: 1, maxLength: 20 });
/** Everything that may stand in a header. */
const latin1 = fc.integer({ min: 0x20, max: 0xff }).filter((code) => code !== 0x7f);
const sendable = fc.string({ unit: latin1.map((code) => String.fromCharCode(code)), maxLength: 30 });

/** Pieces of which hostile fields are made. */
const piece = fc.constantFrom(
  ...[
    'a',
    'Basic ',
    ' ',
    '\t',
    ',',
    ', ',
    '=',
    '==',
    '"',
    '\\',
    '\\"',
    'a=b',
    'a="b"',
    'a="',
    'b"',
    '/',
    '\u20ac',
    '\0',
  ],
);
const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.array(piece, { maxLength: 100 }).map((pieces) => pieces.join('')),
);

const params = fc.uniqueArray(fc.tuple(token, sendable), { selector: ([name]) => name.toLowerCase(), maxLength: 6 });
const challenge = fc.record({
  scheme: token,
  content: fc.oneof(
    params,
    base64,
    fc.tuple(base64, fc.constantFrom('=', '==')).map((parts) => parts.join('')),
  ),
});
type Written = { scheme: string; content: string | [string, string][] };

const written = ({ scheme, content }: Written) => writtenChallenge(scheme, content);

function meant({ scheme, content }: Written) {
  const empty = { scheme: scheme.toLowerCase(), params: new Map() };
  if (typeof content === 'string') return { ...empty, token68: content };
  return { ...empty, params: new Map(content.map(([name, value]) => [name.toLowerCase(), value])) };
}

describe('parseChallenges', () => {
  it('never throws, and gives nothing but what was there', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        for (const { scheme, params, token68 = '' } of parseChallenges(text)) {
          expect(text.toLowerCase()).toContain(scheme);
          expect(text).toContain(token68);
          for (const name of params.keys()) expect(text.toLowerCase()).toContain(name);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('reads whatever was written', () => {
    fc.assert(
      fc.property(fc.array(challenge, { maxLength: 6 }), (list) => {
        expect(parseChallenges(list.map(written).join(', '))).toEqual(list.map(meant));
      }),
    );
  });

  it('reads a list as it reads its lines joined by a comma', () => {
    fc.assert(
      fc.property(fc.array(hostile), (lines) => {
        expect(parseChallenges(lines)).toEqual(parseChallenges(lines.join(', ')));
      }),
    );
  });

  it('reads each well-formed line by itself', () => {
    fc.assert(
      fc.property(fc.array(challenge.map(written)), (lines) => {
        expect(parseChallenges(lines)).toEqual(lines.flatMap((line) => parseChallenges(line)));
      }),
    );
  });

  it('takes what is quoted for data, whatever it looks like', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const field = `A a="${text.replace(/["\\]/g, '\\$&')}", B`;
        expect(parseChallenges(field)).toEqual([
          { scheme: 'a', params: new Map([['a', text]]) },
          { scheme: 'b', params: new Map() },
        ]);
      }),
    );
  });
});

describe('parseAuthParams', () => {
  it('reads what was written', () => {
    fc.assert(
      fc.property(params, (list) => {
        const field = writtenChallenge('x', list).slice(2);
        expect([...parseAuthParams(field)]).toEqual(list.map(([name, value]) => [name.toLowerCase(), value]));
      }),
    );
  });
});

describe('the work', () => {
  const fill = (pattern: string, length: number) => pattern.repeat(Math.ceil(length / pattern.length)).slice(0, length);

  it('grows with the length and no faster, whatever is repeated', () => {
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 6 }), hostile, (pattern, head) => {
        for (const length of [1000, CAP]) {
          const text = head + fill(pattern.join(''), length);
          expect(readChallenges(text).steps).toBeLessThanOrEqual(STEPS * text.length + STEPS);
        }
      }),
    );
  });

  it('is as little for a million empty lines as for the same in one', () => {
    const lines = [...Array(1_000_000).fill(''), 'Basic'];
    expect(parseChallenges(lines)).toEqual(parseChallenges(lines.join(', ')));
    expect(parseChallenges(lines)).toEqual([]);
  });

  it('ends at 64 kB and 1,000 elements', () => {
    const long = fill('Basic realm="a", ', 100 * CAP);
    expect(readChallenges(long).steps).toBeLessThanOrEqual(STEPS * CAP);
    expect(parseChallenges(Array.from({ length: 100 }, () => long))).toHaveLength(500);
    expect(parseChallenges('A,'.repeat(2000))).toHaveLength(1000);
  });
});

describe('at 64 kB', () => {
  const padded = (text: string) => `${' '.repeat(CAP - text.length)}${text}`;
  const names = (text: string) => parseChallenges(text).map(({ scheme, token68 }) => token68 ?? scheme);

  it('what just fits is read', () => {
    expect(names(padded('A, Bcd'))).toEqual(['a', 'bcd']);
    expect(names(padded('A, B cd='))).toEqual(['a', 'cd=']);
    expect(parseChallenges(padded('A b=cd'))[0]?.params.get('b')).toBe('cd');
  });

  it('half a scheme, half a token68 and half a value are left out', () => {
    expect(names(`${padded('A, Bcd')}ef`)).toEqual(['a']);
    expect(names(`${padded('A, B cd')}ef`)).toEqual(['a', 'b']);
    expect(parseChallenges(`${padded('A max_age=30')}00`)[0]?.params.size).toBe(0);
    expect(parseChallenges(`${padded('A b="cd')}ef"`)[0]?.params.size).toBe(0);
    expect(parseChallenges(`${padded('A b="cd"')}, C`)[0]?.params.get('b')).toBe('cd');
  });
});
