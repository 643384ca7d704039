/**
 * Which process this is, so that another one can tell whether it still runs. A process id alone is not enough: the system
 * gives the id of a process that has ended to the next one.
 */

import { execFile } from 'node:child_process';
import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { promisify } from 'node:util';

/** Names one process on one machine. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When the process began, in whatever unit the system has; `undefined` where it cannot be known. */
  readonly started?: string;
  /** Where the process id means something: the boot of the machine and, on Linux, the process namespace. */
  readonly host: string;
}

/** `'foreign'`: it runs on another machine or in another container, so that this one cannot tell. */
export type Liveness = 'alive' | 'dead' | 'foreign';

const run = promisify(execFile);
let own: Promise<ProcessIdentity> | undefined;

/** The identity of this process. */
export function ownIdentity(): Promise<ProcessIdentity> {
  own ??= Promise.all([startTime(process.pid), hostIdentity()]).then(([started, host]) => ({
    pid: process.pid,
    ...(started !== undefined && { started }),
    host,
  }));
  return own;
}

/** Does this process still run? */
export async function liveness(other: ProcessIdentity): Promise<Liveness> {
  const { host } = await ownIdentity();
  if (other.host !== host) return 'foreign';
  if (!exists(other.pid)) return 'dead';
  const started = await startTime(other.pid);
  // The process may have ended since.
  if (started === undefined) return exists(other.pid) && !(await isKnowable()) ? 'alive' : 'dead';
  return other.started === undefined || other.started === started ? 'alive' : 'dead';
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function isKnowable(): Promise<boolean> {
  return (await ownIdentity()).started !== undefined;
}

/** `undefined`: there is no such process, it is a zombie, or the system does not tell. */
async function startTime(pid: number): Promise<string | undefined> {
  if (process.platform === 'linux') return linuxStartTime(pid);
  // Windows tells only through programs that take a second to start.
  if (process.platform === 'win32') return undefined;
  try {
    const { stdout } = await run('ps', ['-o', 'lstart=', '-p', String(pid)], { timeout: 5000, env: { LC_ALL: 'C' } });
    return stdout.trim() || undefined;
  } catch {
    return undefined;
  }
}

/** proc_pid_stat(5): field 3 is the state, field 22 the start in ticks since boot. Field 2 may hold blanks and parentheses. */
async function linuxStartTime(pid: number): Promise<string | undefined> {
  try {
    const text = await readFile(`/proc/${pid}/stat`, 'latin1');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

async function hostIdentity(): Promise<string> {
  if (process.platform !== 'linux') return hostname();
  const parts = [
    readFile('/proc/sys/kernel/random/boot_id', 'latin1').then((text) => text.trim()),
    readlink('/proc/self/ns/pid'),
  ];
  const [boot, namespace] = await Promise.all(parts.map((part) => part.catch(() => '')));
  return `${boot || hostname()} ${namespace}`;
}
