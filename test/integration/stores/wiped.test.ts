import { expect, it } from 'vitest';
import { wipedStore } from '../../faults/wiped-store.ts';

it('a store that is wiped while several processes use it gets its login back from their memory', async () => {
  const { answers, requests, reused } = await wipedStore(3, 4);
  expect(reused).toEqual([]);
  expect(requests).toBe(4);
  expect(answers.map((round) => new Set(round))).toEqual([2, 3, 4, 5].map((one) => new Set([`access-${one}`])));
}, 60_000);
