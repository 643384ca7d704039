/**
 * Runs for some seconds under load and faults, and says what went wrong: `node --expose-gc test/soak/main.ts 600`. Prints one
 * JSON line; exits with 1 where something did.
 */

import { AuthOAuth2 } from '../../src/authenticators/oauth2.ts';
import { refreshToken } from '../../src/oauth/grants/refresh-token.ts';
import { MemoryTokenStore } from '../../src/tokens/memory-store.ts';
import { clients } from './clients.ts';
import { startApi, startTokenServer } from './servers.ts';

const SECONDS = Number(process.argv[2] ?? 600);
const PER_SECOND = 200;
const TICK_MS = 25;
const DEADLINE_MS = 2000;
const LATE_MS = 3000;
/** How many requests a renewal makes at most. */
const TRIES = 3;
/** How long a token may take from its server to the call that waits for it, on a busy machine. */
const SLACK_MS = 100;
const HEAP_LIMIT_MIB = 5;

/** mulberry32. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const random = dice(Number(process.argv[3] ?? 1));
const unhandled: string[] = [];
process.on('unhandledRejection', (reason) => unhandled.push(String(reason)));

const faults = { random, lateMs: LATE_MS };
const tokens = await startTokenServer(faults);
const api = await startApi(faults, tokens.accepts);
const store = new MemoryTokenStore();
const auth = new AuthOAuth2(
  refreshToken({ tokenEndpoint: `${tokens.origin}/token`, clientId: 'soak', refreshToken: tokens.first }),
  { store, storeKey: 'soak', deadlineMs: DEADLINE_MS, replayWindowMs: 8000, timeToNextRequestMs: 500 },
);
const { sends, close } = clients(auth, api.origin);

const failed = new Map<string, number>();
let calls = 0;
let served = 0;
let aborted = 0;
let excused = 0;
const running = new Set<Promise<void>>();

function fail(reason: string): void {
  failed.set(reason, (failed.get(reason) ?? 0) + 1);
}

/** A caller may fail where it has left, where the API cut its request, and where there was no token for it. */
async function call(index: number): Promise<void> {
  calls += 1;
  const path = `/${calls}`;
  const began = Date.now();
  const abort = random() < 0.02 ? new AbortController() : undefined;
  if (abort !== undefined) setTimeout(() => abort.abort(), random() * 20);
  try {
    const status = await (sends[index] as (typeof sends)[0])(path, abort?.signal);
    if (status === 200) served += 1;
    else fail(`client ${index}: status ${status}`);
  } catch (error) {
    const waited = isAboutTokens(error) && hadNoToken(api.refusedAt.get(path) ?? began);
    if (abort?.signal.aborted === true) aborted += 1;
    else if (api.cut.has(path) || waited) excused += 1;
    else fail(`client ${index}: ${codeOf(error)} ${String(error).slice(0, 150)}`);
  } finally {
    api.cut.delete(path);
    api.refusedAt.delete(path);
  }
}

function isAboutTokens(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'ERR_AUTH_TOKEN_ENDPOINT' || code === 'ERR_AUTH_TIMEOUT';
}

/**
 * Could no token have reached a call that has waited from `since` until now? None was given in this time, and the time was
 * the whole deadline, or the renewal has made as many requests in vain as it may.
 */
function hadNoToken(since: number): boolean {
  const now = Date.now();
  const { history } = tokens;
  if (history.some(({ givenAt = 0 }) => givenAt >= since && givenAt < now - SLACK_MS)) return false;
  const last = history.slice(-TRIES);
  return now - since >= DEADLINE_MS - SLACK_MS || (last.length === TRIES && last.every(({ failed }) => failed));
}

function codeOf(error: unknown): string | undefined {
  for (let one = error; typeof one === 'object' && one !== null; one = (one as { cause?: unknown }).cause) {
    const { code } = one as { code?: unknown };
    if (typeof code === 'string' && code.startsWith('ERR_AUTH')) return code;
  }
  return undefined;
}

/** Several collections, because finalizers free more. */
async function heapMib(): Promise<number> {
  for (let round = 0; round < 4; round += 1) {
    globalThis.gc?.();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return process.memoryUsage().heapUsed / 2 ** 20;
}

async function load(seconds: number): Promise<void> {
  const began = Date.now();
  let due = 0;
  while (Date.now() - began < seconds * 1000) {
    // Not more than is due, and no burst after a stall of the machine.
    due = Math.min(due + (PER_SECOND * TICK_MS) / 1000, 20);
    for (; due >= 1; due -= 1) {
      const one = call(calls % sends.length);
      running.add(one);
      void one.finally(() => running.delete(one));
    }
    await new Promise((resolve) => setTimeout(resolve, TICK_MS));
  }
  await Promise.all(running);
}

await load(SECONDS * 0.4);
await store.delete('soak');
const before = await heapMib();
await load(SECONDS * 0.3);
await store.delete('soak');
await load(SECONDS * 0.3);
await auth.tokens.settled();
const growthMib = (await heapMib()) - before;
await auth.close();
await close();
await tokens.close();
await api.close();
await new Promise((resolve) => setTimeout(resolve, 100));
// Pipes of the standard streams are the parent's.
const handles = process.getActiveResourcesInfo().filter((name) => !/^(PipeWrap|TTYWrap|FSReqPromise)$/.test(name));

const verdict = {
  calls,
  served,
  aborted,
  excused,
  failed: Object.fromEntries(failed),
  reused: tokens.reused,
  tokenRequests: tokens.counts,
  growthMib: Math.round(growthMib * 100) / 100,
  handles,
  unhandled,
};
process.stdout.write(`${JSON.stringify(verdict)}\n`);
const isWell = failed.size === 0 && tokens.reused.length === 0 && unhandled.length === 0;
process.exitCode = isWell && growthMib <= HEAP_LIMIT_MIB && served > calls / 2 ? 0 : 1;
