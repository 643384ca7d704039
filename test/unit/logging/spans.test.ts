import { expect, it } from 'vitest';
import { mergeSpans, occurrences, replaceSpans, type Span, sparingIslands } from '../../../src/logging/spans.ts';

const spans = (...pairs: [number, number][]): Span[] => pairs.map(([start, end]) => ({ start, end }));

it.each([
  ['aaaa', 'aa', spans([0, 2], [1, 3], [2, 4])],
  ['abab', 'ab', spans([0, 2], [2, 4])],
  ['abab', 'ba', spans([1, 3])],
  ['abab', 'c', []],
  ['abab', '', []],
])('finds every occurrence in %j of %j', (text, literal, found) => {
  expect(occurrences(text, literal)).toEqual(found);
});

it.each([
  ['overlap', spans([4, 8], [0, 5]), spans([0, 8])],
  ['touch', spans([0, 4], [4, 8]), spans([0, 8])],
  ['nest', spans([0, 8], [2, 3], [7, 8]), spans([0, 8])],
  ['stand apart', spans([5, 8], [0, 4]), spans([0, 4], [5, 8])],
])('merges spans that %s', (_name, given, merged) => {
  expect(mergeSpans(given)).toEqual(merged);
});

it.each([
  ['within an island', spans([2, 4]), spans([0, 5]), []],
  ['equal to an island', spans([0, 5]), spans([0, 5]), []],
  ['beside an island', spans([5, 7]), spans([0, 5]), spans([5, 7])],
  ['across the edge of an island', spans([4, 7]), spans([0, 5]), spans([0, 7])],
  ['across two islands', spans([4, 11]), spans([0, 5], [10, 15]), spans([0, 15])],
  ['around an island', spans([4, 11]), spans([5, 10]), spans([4, 11])],
  ['at both edges of an island', spans([0, 2], [4, 6]), spans([1, 5]), spans([0, 6])],
  ['after an island', spans([6, 9]), spans([0, 5]), spans([6, 9])],
])('spares islands: a span %s', (_name, given, islands, spared) => {
  expect(sparingIslands(given, islands)).toEqual(spared);
});

it('puts the mask in place of every span', () => {
  expect(replaceSpans('0123456789', spans([0, 2], [4, 5], [9, 10]), '#')).toBe('#23#5678#');
});
