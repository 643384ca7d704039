import { expect, it } from 'vitest';
import { lockRaces } from '../../faults/lock-races.ts';

it('a lock whose holders die has one owner at a time, and is never lost', async () => {
  expect(await lockRaces(20, 4)).toEqual({ deaths: expect.any(Number), twoOwners: 0, failed: 0 });
}, 120_000);
