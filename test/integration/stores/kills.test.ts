import { expect, it } from 'vitest';
import { storeKills } from '../../faults/store-kills.ts';

it('a process that is killed while it writes leaves the old token or the new one, and none in the clear', async () => {
  const counts = await storeKills(40, 2);
  expect(counts).toMatchObject({ corrupt: 0, lost: 0, plaintext: 0, failed: 0 });
  expect(counts.commits).toBeGreaterThan(40);
}, 120_000);
