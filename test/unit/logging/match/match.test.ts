import { describe, expect, it } from 'vitest';
import { Automaton } from '../../../../src/logging/match/automaton.ts';
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
    ['letters of two kinds', 'ab'],
    ['letters of all kinds', 'abcdefghijklmnop'],
    ['letters of all scripts', 'aé漢\u0100\u0200☃'],
  ])('agrees with a plain search while literals of %s come and go', (_name, alphabet) => {
    const random = seeded(3);
    for (const window of [4, 8, 16]) {
      const table = new SkipTable(window);
      const literals = new Set<string>();
      for (let n = 0; n < 1500; n += 1) {
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

  it('gives up on texts that are made to be slow, and finds what literals cover all the same', () => {
    const table = new SkipTable(8);
    const literals = Array.from({ length: 300 }, (_, i) => 'a'.repeat(8 + i));
    for (const literal of literals) table.add(literal);
    const text = `${'a'.repeat(1000)}b${'a'.repeat(7)}b${'a'.repeat(8)}`;
    const spans: Span[] = [{ start: 0, end: 1 }];
    expect(table.find(text, spans)).toBe(false);
    expect(spans).toEqual([{ start: 0, end: 1 }, ...plainSearch(text, ['a'.repeat(8)])]);
  });

  it('builds no automaton for a text that is a little slow, and one in the end for many of them', () => {
    const table = new SkipTable(16);
    // Of the same beginning and end, and different only where nobody would look first, as tokens of one issuer are.
    const literals = Array.from({ length: 200 }, (_, i) => `${'same '.repeat(20)}${i}${' end of all'.repeat(20)}`);
    for (const literal of literals) table.add(literal);
    const text = `${'same '.repeat(20)}x${' end of all'.repeat(20)}`.repeat(3);
    let texts = 1;
    while (table.find(text, [])) texts += 1;
    expect(texts).toBeGreaterThan(10);
    expect(texts).toBeLessThan(100_000);
    expect(table.find(text, [])).toBe(false);
    const spans: Span[] = [];
    table.add('another one of sixteen');
    expect(table.find(`${text}another one of sixteen`, spans)).toBe(true);
    expect(spans).toEqual([{ start: text.length, end: text.length + 22 }]);
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
    expect(table.find(text as unknown as string, [])).toBe(true);
    expect(looks).toBeLessThan(16_000 / 3);
  });
});

it('the automaton agrees with a plain search', () => {
  const random = seeded(5);
  for (let n = 0; n < 500; n += 1) {
    const literals = Array.from({ length: 1 + random(20) }, () => textFrom('abc', 1 + random(8), random));
    const text = textFrom('abcd', random(200), random);
    expect(new Automaton(literals).find(text)).toEqual(plainSearch(text, literals));
  }
});

it('the set of grams forgets nothing, seldom errs, and says when to make room and when to clean up', () => {
  const random = seeded(6);
  const set = new GramSet();
  const texts = Array.from({ length: 2000 }, () => textFrom('abcdefghijklmnopqrstuvwxyz', 40, random));
  let rooms = 0;
  for (const [n, text] of texts.entries()) {
    if (!set.add(text)) continue;
    rooms += 1;
    set.clear();
    for (const again of texts.slice(0, n + 1)) set.add(again);
  }
  expect(rooms).toBeGreaterThan(0);
  expect(rooms).toBeLessThan(5);
  for (const text of texts) for (let i = 0; i <= 36; i += 1) expect(set.has(gramAt(text, i))).toBe(true);
  const strange = Array.from({ length: 1000 }, () => set.has(gramAt(textFrom('0123456789', 4, random), 0)));
  expect(strange.filter(Boolean).length).toBeLessThan(150);
  expect(texts.map((text) => set.remove(text))).toContain(true);
  set.clear();
  expect(set.has(gramAt(texts[0] as string, 0))).toBe(false);
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
