/**
 * Kills processes on the write path of a file store, and looks at what is left: nothing may be corrupt, nothing that was
 * committed may be lost, and an encrypted store must never have left a token in the clear.
 */

import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { encryptedFileTokenStore } from '../../src/node/stores/encrypted-file-token-store.ts';
import { fileTokenStore } from '../../src/node/stores/file-token-store.ts';
import { bundled } from './bundled.ts';

export interface StoreKillCounts {
  kills: number;
  /** Generations that the killed processes had committed. */
  commits: number;
  corrupt: number;
  lost: number;
  plaintext: number;
  /** Reads that failed for another reason. */
  failed: number;
}

const WRITER = new URL('./store-writer.ts', import.meta.url).pathname;
/** How long a writer lives after its first commit, at most. A write takes a few milliseconds. */
const LONGEST_LIFE_MS = 15;

/** @param kills - How many processes are killed, half of them writing to an encrypted store. */
export async function storeKills(kills: number, lanes = 4): Promise<StoreKillCounts> {
  const counts = { kills: 0, commits: 0, corrupt: 0, lost: 0, plaintext: 0, failed: 0 };
  const base = await mkdtemp(join(tmpdir(), 'authwire-kills-'));
  try {
    const writer = await bundled(WRITER, join(base, 'writer'));
    const lane = async (_: unknown, number: number) => {
      const kind = number % 2 === 0 ? 'plain' : 'encrypted';
      const path = join(base, String(number));
      for (let committed = 0; counts.kills < kills; ) {
        counts.kills += 1;
        const last = await killedWriter(writer, path, kind);
        counts.commits += Math.max(0, last - committed);
        committed = Math.max(committed, last);
        committed = await inspect(path, kind, committed, counts);
      }
    };
    await Promise.all(Array.from({ length: lanes }, lane));
  } finally {
    await rm(base, { recursive: true, force: true });
  }
  return counts;
}

/** @returns The last generation that the process had committed. */
async function killedWriter(writer: string, path: string, kind: string): Promise<number> {
  const env = { ...process.env, NODE_COMPILE_CACHE: join(dirname(writer), 'cache') };
  const child = spawn(process.execPath, [writer, path, kind], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  let doomed: Promise<void> | undefined;
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    said += chunk;
    if (said.length > 0) doomed ??= wait(Math.random() * LONGEST_LIFE_MS).then(() => void child.kill('SIGKILL'));
  });
  await new Promise((resolve) => child.once('close', resolve));
  await doomed;
  return Number(/(\d+)\n[^\n]*$/.exec(said)?.[1] ?? 0);
}

async function inspect(path: string, kind: string, committed: number, counts: StoreKillCounts): Promise<number> {
  const store =
    kind === 'encrypted' ? encryptedFileTokenStore({ key: new Uint8Array(32).fill(7), path }) : fileTokenStore(path);
  try {
    const generation = (await store.read('the login'))?.generation ?? 0;
    if (generation < committed) counts.lost += 1;
    committed = generation;
  } catch {
    counts.failed += 1;
  }
  const names = await readdir(path).catch(() => []);
  if (names.some((name) => name.includes('.corrupt-'))) counts.corrupt += 1;
  if (kind === 'encrypted') {
    for (const name of names.filter((one) => one !== 'locks')) {
      if ((await readFile(join(path, name), 'latin1')).includes('PLAINTEXT')) counts.plaintext += 1;
    }
  }
  return committed;
}
