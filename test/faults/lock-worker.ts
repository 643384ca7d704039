/**
 * Takes a lock again and again, and dies by its own hand in one of fifty times while it holds it:
 * `node lock-worker.ts PATH KIND ROUNDS`. It prints `two` where somebody else who lives is inside.
 */

import { readFileSync, unlinkSync, writeFileSync, writeSync } from 'node:fs';
import { fileLock } from '../../src/node/stores/lock/file-lock.ts';

const [path = '', kind = 'lease', rounds = '50'] = process.argv.slice(2);
const inside = `${path}.inside`;

for (let round = 0; round < Number(rounds); round += 1) {
  const lock = await fileLock(path, { kind: kind as 'lease', timeoutMs: 60_000 });
  const other = Number(read());
  if (other !== 0 && other !== process.pid && (await lives(other))) writeSync(1, 'two\n');
  writeFileSync(inside, String(process.pid));
  await new Promise((resolve) => setImmediate(resolve));
  if (Number(read()) !== process.pid) writeSync(1, 'two\n');
  if (Math.random() < 0.02) process.kill(process.pid, 'SIGKILL');
  unlinkSync(inside);
  await lock.release();
}

/** A killed process loses its locks a moment before it is dead. One that lives goes on, and removes its mark. */
async function lives(pid: number): Promise<boolean> {
  for (const end = performance.now() + 1000; performance.now() < end; ) {
    if (!isAlive(pid)) return Number(read()) !== pid;
    await new Promise((resolve) => setImmediate(resolve));
  }
  return true;
}

function read(): string {
  try {
    return readFileSync(inside, 'utf8');
  } catch {
    return '';
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return false;
  }
}
