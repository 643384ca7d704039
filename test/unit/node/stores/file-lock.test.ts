import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileLock, LockTimeoutError } from '../../../../src/node/stores/lock/file-lock.ts';
import { ownIdentity } from '../../../../src/node/stores/lock/process-identity.ts';

let directory: string;
let path: string;
const children: ChildProcess[] = [];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'authwire-lock-'));
  path = join(directory, 'a.lock');
});
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  }
  await rm(directory, { recursive: true });
});

const holderScript = new URL('../../../helpers/stores/holder.ts', import.meta.url).pathname;

async function holder(kind: string): Promise<ChildProcess & { readonly pid: number }> {
  const child = spawn(process.execPath, [holderScript, path, kind], { stdio: ['pipe', 'pipe', 'inherit'] });
  children.push(child);
  const [chunk] = await once(child.stdout, 'data');
  expect(String(chunk)).toMatch(/^held \d+/);
  return child as ChildProcess & { readonly pid: number };
}

const lease = async (more: object) => {
  const identity = { id: 'a'.repeat(24), ...(await ownIdentity()), ...more };
  await writeFile(`${path}.lease`, JSON.stringify(identity));
};
const take = (kind: 'kernel' | 'lease', timeoutMs = 5000) => fileLock(path, { kind, timeoutMs });

describe.each(['kernel', 'lease'] as const)('a lock of kind %s', (kind) => {
  it('lets one in at a time', async () => {
    let inside = 0;
    let most = 0;
    const work = async () => {
      const lock = await take(kind, 20_000);
      inside += 1;
      most = Math.max(most, inside);
      await new Promise((resolve) => setImmediate(resolve));
      inside -= 1;
      await lock.release();
    };
    await Promise.all(Array.from({ length: 20 }, work));
    expect(most).toBe(1);
  });

  it('keeps other processes out, and names the one that holds it', async () => {
    const { pid } = await holder(kind);
    const error = await take(kind, 50).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(LockTimeoutError);
    expect(error).toMatchObject({ code: 'ERR_AUTH_STORE', pid });
    expect(String(error)).toContain(`process ${pid} holds it`);
  });

  it('is free when its holder gives it back', async () => {
    const child = await holder(kind);
    const waiting = take(kind);
    child.stdin?.end();
    await (await waiting).release();
  });

  it('is taken over from a holder that was killed', async () => {
    const child = await holder(kind);
    const waiting = take(kind);
    child.kill('SIGKILL');
    await (await waiting).release();
  });

  it('is not taken from a holder that was stopped', async () => {
    const child = await holder(kind);
    child.kill('SIGSTOP');
    await expect(take(kind, 400)).rejects.toThrow(LockTimeoutError);
    child.kill('SIGCONT');
  });

  it('leaves nothing but the file itself', async () => {
    await (await take(kind)).release();
    expect(await readdir(directory)).toEqual(kind === 'kernel' ? ['a.lock'] : []);
  });

  it('is released once, however often that is asked', async () => {
    const first = await take(kind);
    await Promise.all([first.release(), first.release()]);
    const second = await take(kind);
    await first.release();
    await expect(take(kind, 50)).rejects.toThrow(LockTimeoutError);
    await second.release();
  });

  it('stops waiting when it is told to', async () => {
    await holder(kind);
    const gone = new AbortController();
    const waiting = fileLock(path, { kind, signal: gone.signal });
    gone.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    await expect(fileLock(path, { kind, signal: gone.signal })).rejects.toThrow('enough');
  });

  it('says that it was lost when somebody removes its files', async () => {
    const lock = await take(kind);
    await rm(directory, { recursive: true });
    await once(lock.signal, 'abort');
    await lock.release();
    await (await take(kind)).release();
  });
});

describe('the two kinds', () => {
  it.each([
    ['kernel', 'lease'],
    ['lease', 'kernel'],
  ] as const)('exclude each other: %s, then %s', async (first, second) => {
    const child = await holder(first);
    await expect(take(second, 100)).rejects.toThrow(LockTimeoutError);
    const waiting = take(second);
    child.kill('SIGKILL');
    await (await waiting).release();
  });
});

describe('a lease that was left over', () => {
  it('counts for nothing when its process id belongs to another process now', async () => {
    await lease({ started: '1' });
    await (await take('lease')).release();
  });

  it('counts for nothing when a process with the kernel lock finds it and it was made under that lock', async () => {
    await lease({ kernel: true });
    await (await take('kernel')).release();
  });

  it('counts while its process lives', async () => {
    await lease({});
    await expect(take('kernel', 100)).rejects.toMatchObject({ pid: process.pid });
  });

  it.each(['', 'not JSON', '{"id":1}', 'x'.repeat(100_000)])(
    'is removed after a moment if it is garbage (%#)',
    async (text) => {
      await writeFile(`${path}.lease`, text);
      await expect(take('lease', 100)).rejects.toThrow(LockTimeoutError);
      await (await take('lease')).release();
    },
  );

  it('may have a date in the future', async () => {
    await lease({ started: '1' });
    const future = new Date(Date.now() + 1e10);
    await utimes(`${path}.lease`, future, future);
    await (await take('lease')).release();
  });

  it('of another machine counts until it has not been touched for ten seconds', async () => {
    await lease({ host: 'elsewhere', pid: 1 });
    await expect(take('lease', 1500)).rejects.toThrow(LockTimeoutError);
  });

  it('is taken over even if the process that was taking it over was killed as well', async () => {
    await lease({ started: '1' });
    const right = { id: 'b'.repeat(24), ...(await ownIdentity()), started: '2' };
    await writeFile(`${path}.lease.break-${'a'.repeat(24)}`, JSON.stringify(right));
    await (await take('lease')).release();
    expect(await readdir(directory)).toEqual([]);
  });

  it('takes the drafts of dead processes with it', async () => {
    const draft = `${path}.lease.4711-${'c'.repeat(24)}.tmp`;
    await writeFile(draft, JSON.stringify({ id: 'c'.repeat(24), ...(await ownIdentity()), started: '3' }));
    await lease({ started: '1' });
    await (await take('lease')).release();
    expect(existsSync(draft)).toBe(false);
  });
});

describe('a path that cannot be locked', () => {
  it('is an error that names it', async () => {
    await writeFile(join(directory, 'file'), '');
    await expect(fileLock(join(directory, 'file', 'a.lock'))).rejects.toMatchObject({
      code: 'ERR_AUTH_STORE',
      message: expect.stringContaining(`${directory}/file/a.lock cannot be locked`),
    });
  });

  it('is not a symbolic link', async () => {
    await writeFile(join(directory, 'target'), 'precious');
    await symlink(join(directory, 'target'), path);
    await expect(take('kernel')).rejects.toMatchObject({ code: 'ERR_AUTH_STORE' });
    expect(await readFile(join(directory, 'target'), 'utf8')).toBe('precious');
  });

  it('is not relative, and its options are checked', async () => {
    await expect(fileLock('a.lock')).rejects.toMatchObject({ code: 'ERR_AUTH_CONFIGURATION' });
    await expect(fileLock(path, { timeoutMs: 0 })).rejects.toMatchObject({ option: 'timeoutMs' });
  });
});
