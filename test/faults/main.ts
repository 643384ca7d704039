/**
 * The long versions of the fault tests: `npm run test:faults [NAME…]`. Each prints its counts as a line of JSON and the
 * run fails if one of them shows a loss. `FAULTS_SCALE=0.01` makes them a hundred times shorter.
 */

import { cliCrowd } from './cli-crowd.ts';
import { lockRaces } from './lock-races.ts';
import { storeKills } from './store-kills.ts';

const scale = Number(process.env.FAULTS_SCALE ?? 1);
const faults: Readonly<Record<string, () => Promise<{ readonly good: boolean; readonly counts: object }>>> = {
  'store-kills': async () => {
    const counts = await storeKills(Math.ceil(10_000 * scale));
    return { good: counts.corrupt + counts.lost + counts.plaintext + counts.failed === 0, counts };
  },
  'lock-races': async () => {
    const counts = await lockRaces(Math.ceil(10_000 * scale));
    return { good: counts.twoOwners + counts.failed === 0, counts };
  },
  'cli-crowd': async () => {
    const counts = await cliCrowd(Math.ceil(20 * scale));
    return { good: counts.damaged + counts.failed + counts.complaints + counts.wrongEnds === 0, counts };
  },
};

const wanted = process.argv.slice(2);
for (const [name, run] of Object.entries(faults)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const start = performance.now();
  const { good, counts } = await run();
  const seconds = Math.round((performance.now() - start) / 1000);
  process.stdout.write(`${JSON.stringify({ fault: name, good, seconds, ...counts })}\n`);
  if (!good) process.exitCode = 1;
}
