import { expect, it } from 'vitest';
import { RecentMap } from '../../src/recent-map.ts';

it('forgets what was set longest ago', () => {
  const map = new RecentMap<string, number>(2).set('a', 1).set('b', 2).set('a', 3).set('c', 4);
  expect([...map]).toEqual([
    ['a', 3],
    ['c', 4],
  ]);
});

it('keeps everything up to its limit, and counts a key once', () => {
  const map = new RecentMap<number, number>(100);
  for (let i = 0; i < 1000; i += 1) map.set(i % 100, i);
  expect(map.size).toBe(100);
  expect(map.get(0)).toBe(900);
});
