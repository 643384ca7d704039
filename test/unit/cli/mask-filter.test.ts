import { expect, it } from 'vitest';
import { type Counts, maskFilter } from '../../../src/cli/mask-filter.ts';
import { textMasker } from '../../../src/logging/streams/text-masker.ts';
import { createTextFilter } from '../../../src/logging/text-filter.ts';

const COUNT = 3000;

it.each([
  ['one line', ','],
  ['many lines', ',\n'],
])('cuts no name from its value in a stream of %s that comes in pieces', (_name, separator) => {
  const items = Array.from({ length: COUNT }, (_, i) => {
    const headers = [{ name: 'Authorization', value: `Custom marker-${i}` }];
    return JSON.stringify({ access_token: `marker ${i}`, headers }, null, separator === ',' ? 0 : 1);
  });
  const text = `[${items.join(separator)}]`;
  const counts: Counts = new Map();
  const { push, end } = textMasker(maskFilter(createTextFilter(), counts));
  let masked = '';
  for (let at = 0; at < text.length; at += 7919) masked += push(text.slice(at, at + 7919));
  masked += end();
  expect(masked).not.toContain('marker');
  expect(JSON.parse(masked)).toHaveLength(COUNT);
  expect(Object.fromEntries(counts)).toEqual({ parameter: COUNT, header: COUNT });
});

it('counts known values and shapes, and puts a JSON string where a known number stood', () => {
  const known = createTextFilter();
  known.updateSecret('pin', '48151623');
  const counts: Counts = new Map();
  const filter = maskFilter(known, counts);
  expect(filter.mask('[\n  {"pin": 48151623,\n  "x_token": "y"}')).toBe('[\n  {"pin": "*****",\n  "x_token": "*****"}');
  expect(Object.fromEntries(counts)).toEqual({ known: 1, parameter: 1 });
});

it.each([1000, 8192, 65_536, 1_000_000])('loses no text of a long line beside headers, in pieces of %i', (size) => {
  const record = (i: number) =>
    `GET /items/${i} authorization: Bearer marker${i}4ba927c3 status=200 {"password":"marker-${i}"}`;
  const text = Array.from({ length: COUNT }, (_, i) => record(i)).join();
  const { push, end } = textMasker(maskFilter(createTextFilter(), new Map()));
  let masked = '';
  for (let at = 0; at < text.length; at += size) masked += push(text.slice(at, at + size));
  masked += end();
  expect(masked).toBe(text.replaceAll(/marker\d+\w+|marker-\d+/g, '*****'));
});
