import { describe, expect, it } from 'vitest';
import { gramAt } from '../../../../src/logging/match/gram.ts';
import { GramSet } from '../../../../src/logging/match/gram-set.ts';
import { SkipTable } from '../../../../src/logging/match/skip-table.ts';
import { truncationsIn } from '../../../../src/logging/match/truncations.ts';
import { mergeSpans, occurrences, type Span } from '../../../../src/logging/spans.ts';
import { seeded, textFrom } from '../random-cases.ts';

function plainSearch(text: string, literals: Iterable<string>): Span[] {
  return mergeSpans([...literals].flatMap((literal) => occurrences(text, literal)));
}

function findIn(table: SkipTable, text: string): Span[] {
  const spans: Span[] = [];
  table.find(text, spans);
  return mergeSpans(spans);
}

describe('the skip table', () => {
  it.each([
    ['letters of two kinds', 'ab', 30],
    ['letters of all kinds', 'abcdefghijklmnop', 1500],
    ['letters of all scripts', 'aé漢\u0100\u0200☃', 1500],
  ])('agrees with a plain search while literals of %s come and go', (_name, alphabet, most) => {
    const random = seeded(3);
    for (const window of [4, 8, 16]) {
      const table = new SkipTable(window);
      const literals = new Set<string>();
      for (let n = 0; n < most; n += 1) {
        const literal = textFrom(alphabet, window + random(window), random);
        if (random(3) === 0) for (const old of [...literals].slice(0, 2)) if (literals.delete(old)) table.remove(old);
        literals.add(literal);
        table.add(literal);
        const text = textFrom(alphabet, random(30), random) + literal + textFrom(alphabet, random(30), random);
        expect(findIn(table, text)).toEqual(plainSearch(text, literals));
      }
    }
  });

  it('finds all after it has grown and been cleaned up', () => {
    const random = seeded(4);
    const table = new SkipTable(8);
    const values = Array.from({ length: 5000 }, () => textFrom('abcdefghijklmnop', 12, random));
    for (const value of values) table.add(value);
    for (const value of values.slice(0, 4900)) table.remove(value);
    for (const value of values.slice(4900)) expect(findIn(table, `x${value}x`)).toEqual([{ start: 1, end: 13 }]);
    expect(findIn(table, `x${values[0]}x`)).toEqual([]);
  });

  it('is given the same literal twice and holds it once', () => {
    const table = new SkipTable(4);
    table.add('abcd');
    table.add('abcd');
    table.remove('abcd');
    table.remove('abcd');
    expect(findIn(table, 'abcd')).toEqual([]);
  });

  it('takes all of a text that is made to be slow', () => {
    const table = new SkipTable(8);
    for (let i = 0; i < 300; i += 1) table.add('a'.repeat(8 + i));
    const spans: Span[] = [{ start: 0, end: 1 }];
    table.find(`${'a'.repeat(1000)}b${'a'.repeat(7)}`, spans);
    expect(spans).toEqual([
      { start: 0, end: 1 },
      { start: 0, end: 1008 },
    ]);
  });

  it('finds tokens of one issuer, which differ only where nobody would look first, side by side', () => {
    const random = seeded(8);
    const table = new SkipTable(16);
    const [head, end] = [textFrom('abcdefghijklmnopqrst', 200, random), textFrom('abcdefghijklmnopqrst', 100, random)];
    const tokens = Array.from({ length: 2000 }, () => head + textFrom('abcdefghijklmnopqrst', 40, random) + end);
    for (const token of tokens) table.add(token);
    const text = tokens.slice(0, 100).join(' and ');
    expect(findIn(table, text)).toEqual(plainSearch(text, tokens));
  });

  it('skips: a text without hits is looked at in a fraction of its places', () => {
    const table = new SkipTable(16);
    for (let i = 0; i < 100; i += 1) table.add(`${i}`.padStart(20, 'abcdefghijklmnopqrst'));
    let looks = 0;
    const text = {
      length: 16_000,
      charCodeAt: () => {
        looks += 1;
        return 0x2d;
      },
    };
    const spans: Span[] = [];
    table.find(text as unknown as string, spans);
    expect(spans).toEqual([]);
    expect(looks).toBeLessThan(16_000 / 3);
  });
});

it('the set of grams forgets nothing, seldom errs, and says when it is time for a new one', () => {
  const random = seeded(6);
  let set = new GramSet();
  const texts = Array.from({ length: 2000 }, () => textFrom('abcdefghijklmnopqrstuvwxyz', 40, random));
  let renewed = 0;
  for (const [n, text] of texts.entries()) {
    if (!set.add(text)) continue;
    renewed += 1;
    set = new GramSet(40 * (n + 1));
    for (const again of texts.slice(0, n + 1)) expect(set.add(again)).toBe(false);
  }
  expect(renewed).toBeGreaterThan(0);
  expect(renewed).toBeLessThan(5);
  for (const text of texts) for (let i = 0; i <= 36; i += 1) expect(set.has(gramAt(text, i))).toBe(true);
  const strange = Array.from({ length: 1000 }, () => set.has(gramAt(textFrom('0123456789', 4, random), 0)));
  expect(strange.filter(Boolean).length).toBeLessThan(150);
  expect(new GramSet().has(gramAt(texts[0] as string, 0))).toBe(false);
});

it('a crowded set of the largest size is renewed now and then only', () => {
  const characters = 1 << 22;
  const set = new GramSet(characters);
  const text = 'a'.repeat(1 << 20);
  expect(Array.from({ length: 9 }, () => set.add(text)).indexOf(true)).toBe(8);
});

it.each([
  ['abc', [3]],
  ['', [0]],
  ['ab\ncd\r\nef', [2, 5, 9]],
  ['ab…cd...', [2, 5, 8]],
  ["'ab'... 5 more", [3, 4, 14]],
  ['1, 2,\n  ... 3 more', [4, 5, 8, 18]],
])('sees where %j is cut', (text, cuts) => {
  expect(truncationsIn(text)).toEqual(cuts);
});
