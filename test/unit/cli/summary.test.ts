import { expect, it } from 'vitest';
import type { Counts } from '../../../src/cli/mask-filter.ts';
import { summaryOf } from '../../../src/cli/summary.ts';

it.each<[Counts, string]>([
  [new Map(), '0 secrets masked'],
  [new Map([['jwt', 1]]), '1 secret masked (1 JWT)'],
  [
    new Map([
      ['jwt', 5],
      ['header', 3],
      ['known', 4],
    ]),
    '12 secrets masked (4 known values, 3 authorization headers, 5 JWTs)',
  ],
])('says how many secrets were masked, and what they were: %o', (counts, summary) => {
  expect(summaryOf(counts)).toBe(summary);
});
