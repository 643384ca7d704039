import { type ChildProcess, execFile } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

/** How long those who are told to end may take to do so, in milliseconds. */
export const GRACE_MS = 1000;
/** In a container that nobody tidies up, the dead stay in their group. */
const BURIAL_MS = 200;
const POLL_MS = 20;

const running = new Set<ChildProcess>();

/** From here on the command ends with this process at the latest. */
export function endWithProcess(child: ChildProcess): void {
  if (running.size === 0) process.on('exit', killAll);
  running.add(child);
}

/** The command has ended. */
export function forget(child: ChildProcess): void {
  running.delete(child);
  if (running.size === 0) process.off('exit', killAll);
}

/**
 * Ends a command and all that it has started, unless that has left its process group: SIGTERM, and SIGKILL a second later
 * for those who do not heed it. On Windows the process tree ends at once.
 */
export async function endProcessGroup(child: ChildProcess): Promise<void> {
  if (process.platform === 'win32') await endTree(child);
  else await endGroup(child);
  if (!hasEnded(child)) await once(child, 'exit');
}

async function endGroup(child: ChildProcess): Promise<void> {
  tell(child, 'SIGTERM');
  if (await isGone(child, GRACE_MS)) return;
  tell(child, 'SIGKILL');
  await isGone(child, BURIAL_MS);
}

async function isGone(child: ChildProcess, withinMs: number): Promise<boolean> {
  for (let waited = 0; tell(child, 0); waited += POLL_MS) {
    if (waited >= withinMs) return false;
    await sleep(POLL_MS);
  }
  return true;
}

/** Is there anybody left in the group who could be told? */
function tell({ pid }: ChildProcess, signal: NodeJS.Signals | 0): boolean {
  try {
    return pid !== undefined && process.kill(-pid, signal);
  } catch {
    return false;
  }
}

/** Windows knows no groups: its own tool walks the tree of processes. */
async function endTree(child: ChildProcess): Promise<void> {
  const tool = `${process.env.SystemRoot ?? 'C:\\Windows'}\\System32\\taskkill.exe`;
  const failed = await new Promise<unknown>((resolve) => {
    execFile(tool, ['/pid', String(child.pid), '/t', '/f'], { windowsHide: true }, resolve);
  });
  if (failed !== null) child.kill('SIGKILL');
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

function killAll(): void {
  for (const child of running) if (!tell(child, 'SIGKILL')) child.kill('SIGKILL');
}
