import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { failureOf, isAlive, program, run, shell, testFolder } from '../../helpers/commands.ts';

/** Enough for a script to begin, however busy the machine. */
const DEADLINE_MS = 2000;

async function pidIn(file: string): Promise<number> {
  return Number(await readFile(file, 'utf8'));
}

/** A script with `$PIDS`, a folder for files that hold process ids. */
async function scriptWithPids(script: string) {
  const folder = await testFolder();
  return { command: await shell(script), env: { PIDS: folder }, pid: (name: string) => pidIn(join(folder, name)) };
}

describe('at the time limit', () => {
  it('ends the command and a grandchild that ignores SIGTERM', async () => {
    const { pid, ...options } = await scriptWithPids(
      '(trap "" TERM; exec sleep 1000) & echo $! > "$PIDS/grandchild"; echo $$ > "$PIDS/child"; echo waiting >&2; wait',
    );

    const error = await failureOf({ ...options, deadlineMs: DEADLINE_MS });

    expect(error).toMatchObject({ name: 'CommandError', kind: 'timeout', code: 'ERR_AUTH_TIMEOUT', stderr: 'waiting' });
    expect(error.message).toContain(`within ${DEADLINE_MS} ms`);
    expect(await isAlive(await pid('child'))).toBe(false);
    expect(await isAlive(await pid('grandchild'))).toBe(false);
  });

  it('ends a command that ignores SIGTERM', async () => {
    const { pid, ...options } = await scriptWithPids(
      'trap "" TERM; echo $$ > "$PIDS/child"; while :; do sleep 1; done',
    );

    expect((await failureOf({ ...options, deadlineMs: DEADLINE_MS })).kind).toBe('timeout');
    expect(await isAlive(await pid('child'))).toBe(false);
  });

  it('ends a command that has closed its output, and takes no token from it', async () => {
    const { pid, ...options } = await scriptWithPids(
      'echo $$ > "$PIDS/child"; echo token; exec >&-; exec 2>&-; exec sleep 1000',
    );

    expect((await failureOf({ ...options, deadlineMs: DEADLINE_MS })).kind).toBe('timeout');
    expect(await isAlive(await pid('child'))).toBe(false);
  });

  it('lets a command tidy up, and ends it as soon as it has', async () => {
    const { pid, ...options } = await scriptWithPids(
      'trap \'echo $$ > "$PIDS/tidied"; exit 0\' TERM; while :; do sleep 0.05; done',
    );

    expect((await failureOf({ ...options, deadlineMs: DEADLINE_MS })).kind).toBe('timeout');
    expect(await isAlive(await pid('tidied'))).toBe(false);
  });

  it('keeps no more than 4,000 bytes of what is printed to standard error for ever', async () => {
    const error = await failureOf({ command: await shell('exec yes "on and on" >&2'), deadlineMs: DEADLINE_MS });

    expect(error.kind).toBe('timeout');
    expect(Buffer.byteLength(error.stderr)).toBeLessThanOrEqual(4000);
    expect(Buffer.byteLength(error.stderr)).toBeGreaterThan(3900);
  });
});

describe('a command that prints too much', () => {
  it('is ended with its group', async () => {
    const { pid, ...options } = await scriptWithPids('echo $$ > "$PIDS/child"; yes token | cat');

    const error = await failureOf(options);

    expect(error).toMatchObject({ kind: 'output', exitCode: undefined });
    expect(error.message).toContain('1 MiB');
    expect(await isAlive(await pid('child'))).toBe(false);
  });

  it('is one with a byte more than 1 MiB', async () => {
    const printing = (bytes: number) =>
      program('process.stdout.write("t".repeat(Number(process.argv[2])))', `${bytes}`);

    expect((await run({ command: await printing(1024 * 1024) })).accessToken).toHaveLength(1024 * 1024);
    expect((await failureOf({ command: await printing(1024 * 1024 + 1) })).kind).toBe('output');
  });
});

describe('the signal of the caller', () => {
  it('ends the command and its group, and gives its own reason', async () => {
    const controller = new AbortController();
    const reason = new Error('not wanted any more');
    const folder = await testFolder();
    const command = await program(
      `import { spawn } from 'node:child_process';
       import { writeFileSync } from 'node:fs';
       process.on('SIGTERM', () => undefined);
       const child = spawn('sleep', ['1000'], { stdio: 'inherit' });
       writeFileSync(process.env.FOLDER + '/pids', JSON.stringify([process.pid, child.pid]));
       process.kill(Number(process.env.TESTER), 'SIGUSR2');`,
    );
    const started = new Promise<void>((resolve) => {
      process.once('SIGUSR2', () => resolve());
    });

    const error = failureOf({ command, env: { FOLDER: folder, TESTER: `${process.pid}` } }, controller.signal);
    await started;
    controller.abort(reason);

    expect(await error).toBe(reason);
    for (const pid of JSON.parse(await readFile(join(folder, 'pids'), 'utf8'))) expect(await isAlive(pid)).toBe(false);
  });

  it('starts nothing when it has been given already', async () => {
    const folder = await testFolder();

    const error = await failureOf(
      { command: ['touch', join(folder, 'started')] },
      AbortSignal.abort(new Error('before')),
    );

    expect(error.message).toBe('before');
    await expect(readFile(join(folder, 'started'))).rejects.toThrow('ENOENT');
  });
});

describe('a command that has ended', () => {
  it('gives its token although something that it has started keeps its output open, and leaves that alone', async () => {
    const { pid, ...options } = await scriptWithPids('sleep 1000 & echo $! > "$PIDS/daemon"; echo token-1');

    expect((await run({ ...options, deadlineMs: 20_000 })).accessToken).toBe('token-1');
    const daemon = await pid('daemon');
    onTestFinished(() => void process.kill(daemon, 'SIGKILL'));
    expect(await isAlive(daemon)).toBe(true);
  });

  it('gives what it has printed piece by piece', async () => {
    const command = await program(
      `for (const piece of ['to', 'ken', '-', '1']) {
         process.stdout.write(piece);
         await new Promise((resolve) => setTimeout(resolve, 20));
       }`,
    );

    expect((await run({ command })).accessToken).toBe('token-1');
  });

  it('leaves no listener behind', async () => {
    const { signal } = new AbortController();
    const before = process.listenerCount('exit');
    await Promise.all(Array.from({ length: 12 }, () => run({ command: ['echo', 'token-1'] }, signal)));

    expect(process.listenerCount('exit')).toBe(before);
  });
});

describe('the end of this process', () => {
  it('is the end of the command as well', async () => {
    const folder = await testFolder();
    const source = new URL('../../../src/node/command/source.ts', import.meta.url);
    const script = `echo $$ > '${folder}/pid'; kill -USR2 $PPID; trap "" TERM; while :; do sleep 1; done`;
    const [node, file] = await program(
      `import { commandSource } from '${source}';
       process.on('SIGUSR2', () => process.exit(5));
       await commandSource({ command: ['/bin/sh', '-c', process.argv[2]] }).requestToken({ signal: new AbortController().signal });`,
    );

    const exit = once(spawn(node as string, [file as string, script]), 'exit');

    expect(await exit).toEqual([5, null]);
    const pid = await pidIn(join(folder, 'pid'));
    await vi.waitFor(async () => expect(await isAlive(pid)).toBe(false));
  });
});
