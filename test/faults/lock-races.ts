/** Races for locks whose holders have died: there must never be two owners, and never a lock that nobody gets any more. */

import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundled } from './bundled.ts';

export interface LockRaceCounts {
  deaths: number;
  twoOwners: number;
  /** Workers that ended with an error, such as a lock that they did not get. */
  failed: number;
}

const WORKER = new URL('./lock-worker.ts', import.meta.url).pathname;

/** @param deaths - How many holders die, half of them with kernel locks. */
export async function lockRaces(deaths: number, lanes = 6): Promise<LockRaceCounts> {
  const counts = { deaths: 0, twoOwners: 0, failed: 0 };
  const base = await mkdtemp(join(tmpdir(), 'authwire-races-'));
  try {
    const worker = await bundled(WORKER, join(base, 'worker'));
    for (const kind of ['lease', 'kernel']) {
      const goal = kind === 'lease' ? deaths / 2 : deaths;
      const lane = async () => {
        while (counts.deaths < goal && counts.twoOwners + counts.failed === 0) {
          await run([worker, join(base, `${kind}.lock`), kind, '200'], counts);
        }
      };
      await Promise.all(Array.from({ length: lanes }, lane));
    }
  } finally {
    await rm(base, { recursive: true, force: true });
  }
  return counts;
}

async function run(args: readonly string[], counts: LockRaceCounts): Promise<void> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    counts.twoOwners += chunk.split('two').length - 1;
  });
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve) => {
    child.once('close', (...end) => resolve(end));
  });
  if (signal === 'SIGKILL') counts.deaths += 1;
  else if (code !== 0) counts.failed += 1;
}
