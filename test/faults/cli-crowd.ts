import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { nativeClient, startAuthorizationServer } from '../helpers/authorization-server.ts';

const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const MAIN = path('../../src/cli/main.ts');
const CACHE = path('../../node_modules/.cache/authwire-cli');
const VISIT = `${process.execPath} ${path('../helpers/login/visit.ts')}`;
const RENEWING = fileURLToPath(new URL('../helpers/login/renewing.ts', import.meta.url));
/** Two that end closer together than this may have written in either order. */
const MARGIN_MS = 500;
/** A hundred processes on two cores wait for each other: that ends with an error in time, and loses nothing. */
const LATE = /within \d+ ms|took too long/;

interface Ended {
  readonly name: string;
  readonly code: number | null;
  readonly said: string;
  readonly at: number;
}

/**
 * So many of each of `login`, `logout`, `token` and `status` at once, beside as many programs that use the same login, whose token
 * lives for ten seconds. Counts moments at which a file did not parse, commands that failed, complaints of the programs, and ends at which not the
 * last login or logout had won; and those that gave up waiting in time.
 */
export async function cliCrowd(count: number) {
  const home = await mkdtemp(join(tmpdir(), 'authwire-crowd-'));
  const client = nativeClient('cli');
  const as = await startAuthorizationServer({ clients: [client], accessTtl: 10 });
  const env = { PATH: process.env.PATH, HOME: home, AUTHWIRE_STORE: 'file', BROWSER: VISIT, NODE_COMPILE_CACHE: CACHE };
  const start = (...args: string[]) => spawn(process.execPath, args, { env });
  const run = async (name: string, ...args: string[]): Promise<Ended> => {
    const child = start(MAIN, name, ...args);
    child.stdin.end();
    const closed = once(child, 'close');
    const [said] = await Promise.all([text(child.stderr), text(child.stdout)]);
    const [code] = (await closed) as [number | null];
    return { name, code, said, at: performance.now() };
  };
  const login = () => run('login', as.issuer, '--client-id', 'cli', '--timeout', '0');

  const watch = new AbortController();
  try {
    await login();
    const watched = damagedMoments(join(home, '.local/share/authwire/tokens'), watch.signal);
    const key = `authwire-cli ${JSON.stringify([as.issuer, 'cli', ''])}`;
    const programs = Array.from({ length: count }, () => start(RENEWING, key, as.issuer));
    const complaints = programs.map((program) => text(program.stdout as NonNullable<ChildProcess['stdout']>));
    const work = Array.from({ length: count }, () => [login(), run('logout'), run('token'), run('status')]);
    const ended = (await Promise.all(work.flat())).sort((a, b) => a.at - b.at);
    const state = await run('token');
    // A renewal that is under way must neither bring a login back nor end one.
    for (const program of programs) program.stdin?.end();
    const complained = (await Promise.all(complaints)).flatMap((one) => one.split('\n').slice(1).filter(Boolean));
    const after = await run('token');
    watch.abort();
    const bad = ended.filter(({ name, code }) => code !== 0 && !(name !== 'login' && code === 3));
    const failed = bad.filter(({ said }) => !LATE.test(said));
    const wrong = complained.filter((said) => !LATE.test(said));
    const late = bad.length - failed.length + complained.length - wrong.length;
    const isRight = hasLastWon(ended, state.code === 0) && after.code === state.code;
    for (const one of [...failed.map(({ name, said }) => `${name}: ${said}`), ...wrong])
      process.stderr.write(`${one}\n`);
    const counts = { failed: failed.length, complaints: wrong.length, wrongEnds: isRight ? 0 : 1 };
    return { commands: ended.length, late, damaged: await watched, ...counts };
  } finally {
    watch.abort();
    await as.close();
    await rm(home, { recursive: true, force: true });
  }
}

function hasLastWon(ended: readonly Ended[], isSignedIn: boolean): boolean {
  const acts = ended.filter(({ name, code }) => code === 0 && (name === 'login' || name === 'logout'));
  const last = acts.at(-1)?.at ?? 0;
  const wanted = acts.filter(({ at }) => at >= last - MARGIN_MS).map(({ name }) => name === 'login');
  return wanted.includes(isSignedIn);
}

/** Reads the files as long as that is wanted. */
async function damagedMoments(folder: string, signal: AbortSignal): Promise<number> {
  let damaged = 0;
  while (!signal.aborted) {
    for (const name of (await readdir(folder)).filter((one) => one.endsWith('.json') || one.includes('corrupt'))) {
      try {
        JSON.parse(await readFile(join(folder, name), 'utf8'));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') damaged += 1;
      }
    }
    await sleep(1);
  }
  return damaged;
}
