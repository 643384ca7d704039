import { afterEach, describe, expect, it, vi } from 'vitest';
import { AuthError } from '../../../src/errors.ts';
import { fingerprint } from '../../../src/tokens/fingerprint.ts';
import type { Token, TokenSource } from '../../../src/tokens/token.ts';
import { TokenCache } from '../../../src/tokens/token-cache.ts';
import { tokenStore } from '../../../src/tokens/token-store.ts';
import { settle } from './by-hand.ts';
import { FaultyStore, type Process, type Trouble } from './model/faulty-store.ts';
import { RotatingServer } from './model/rotating-server.ts';
import { dice, VirtualTime } from './model/virtual-time.ts';

afterEach(() => void vi.unstubAllGlobals());

interface World {
  readonly processes: number;
  readonly leases: boolean;
  /** How long the server and the caches allow a refresh token once more. */
  readonly graceMs: number;
  /** Is the store flushed, rolled back, garbled, stale? Only where one process holds what it loses. */
  readonly damage: boolean;
  /** Are answers lost, do processes crash, do people log out? */
  readonly losses: boolean;
}

const STEPS = 250;
const DEADLINE_MS = 5000;

/** One random story: callers come and go, time passes, the server and the store fail, processes crash and start again. */
async function play(seed: number, world: World) {
  const roll = dice(seed);
  const time = new VirtualTime();
  time.install();
  const server = new RotatingServer(time, roll, world.graceMs, world.losses);
  const store = new FaultyStore(time, roll, world.leases);
  const first = server.login().refreshToken as string;
  const firstPrint = await fingerprint(first);
  let firstSent = false;
  let late = 0;
  let processes = 0;
  const trace: string[] = [];
  const log = (text: string) => void trace.push(`${((time.ms - 1.8e12) / 1000).toFixed(2)} ${text}`);
  const odd: unknown[] = [];

  const start = () => {
    const process: Process = {};
    processes += 1;
    const name = `p${processes}`;
    log(`${name} starts, store ${JSON.stringify(store.entry)}`);
    const source: TokenSource = {
      presents: true,
      async requestToken({ previous, present }) {
        const refreshToken = previous?.refreshToken ?? first;
        await present?.(refreshToken);
        if (process.crashed) return new Promise(() => {});
        const asked = time.ms;
        firstSent ||= refreshToken === first;
        log(`${name} sends ${refreshToken}, store ${JSON.stringify(store.entry)}`);
        const token = await server.request(refreshToken).catch((error: Error) => {
          log(`${name} hears of ${refreshToken}: ${error.message}`);
          throw error;
        });
        log(`${name} gets ${token.refreshToken} for ${refreshToken}`);
        if (process.crashed) return new Promise(() => {});
        if (time.ms - asked > DEADLINE_MS) late += 1;
        return token;
      },
    };
    const cache = new TokenCache(source, {
      store: tokenStore(store.seenBy(process)),
      storeKey: 'k',
      now: time.now,
      monotonic: time.now,
      random: () => Uint8Array.of(0, 0, 0, Math.floor(roll() * 256)),
      deadlineMs: DEADLINE_MS,
      refreshDeadlineMs: 60_000,
      replayWindowMs: world.graceMs,
      timeToNextRequestMs: 10_000,
    });
    return { process, cache };
  };
  const running = Array.from({ length: world.processes }, start);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(roll() * from.length)] as T;
  const seen: Token[] = [];
  const watch = (process: Process, outcome: Token | Promise<Token>) => {
    void Promise.resolve(outcome).then(
      (token) => {
        process.knows = true;
        seen.push(token);
      },
      (error: unknown) => {
        if (!(error instanceof AuthError)) odd.push(error);
      },
    );
  };
  /** Does the store know what a process that starts now has to know? */
  const isSound = () => {
    if (!store.intact || store.trouble === 'stale' || store.trouble === 'unanswered') return false;
    const { token, inUse, ended, used = [] } = store.entry ?? {};
    if (firstSent && !used.some((print) => print.includes(firstPrint)) && inUse?.fingerprint !== firstPrint)
      return false;
    return inUse !== undefined || ended !== undefined || server.accepts(token?.refreshToken);
  };
  let damaged = false;
  const harm = (work: () => void) => {
    // What nobody alive has seen is lost for good, and nobody can know.
    if (!world.damage || !running.every(({ process }) => process.knows)) return;
    log('harm');
    work();
    damaged = true;
  };
  const troubles: Trouble[] = ['none', 'none', 'none', 'slow', 'failing', 'hung', 'unanswered'];
  const steps: (() => unknown)[] = [
    ...Array.from({ length: 5 }, () => () => {
      const { process, cache } = pick(running);
      watch(process, cache.get());
    }),
    ...Array.from({ length: 5 }, () => () => time.pass(roll() ** 3 * 60_000)),
    ...Array.from({ length: 3 }, () => () => time.pass(roll() * 500)),
    () => {
      const refused = seen.at(-1);
      const { process, cache } = pick(running);
      if (refused !== undefined) watch(process, cache.renew(refused));
    },
    () => {
      store.trouble = pick(world.damage ? [...troubles, 'stale' as const] : troubles);
      log(`store ${store.trouble}`);
    },
    () => {
      store.trouble = 'none';
    },
    () => roll() < 0.3 && harm(() => store.flush()),
    () => roll() < 0.3 && harm(() => store.rollBack()),
    () => roll() < 0.3 && harm(() => store.garble()),
    () => {
      if (!world.losses || roll() < 0.6) return;
      if (damaged && isSound()) damaged = false;
      if (damaged || !isSound()) return;
      const index = Math.floor(roll() * running.length);
      const fallen = running[index] as (typeof running)[0];
      fallen.process.crashed = time.ms;
      running[index] = start();
    },
    () => {
      if (roll() < 0.15)
        void pick(running)
          .cache.set(server.login())
          .then(
            () => log('set'),
            () => log('set failed'),
          );
    },
    () => {
      if (world.losses && roll() < 0.1)
        void pick(running)
          .cache.clear()
          .then(
            () => log('cleared'),
            () => log('clear failed'),
          );
    },
  ];
  for (let step = 0; step < STEPS; step += 1) {
    await pick(steps)();
    if (roll() < 0.5) await settle();
  }

  // All is well again: who can still be served, is.
  store.trouble = 'none';
  server.healthy = true;
  await time.pass(200_000);
  const last: string[] = [];
  for (const { cache } of running) {
    void Promise.resolve(cache.get()).then(
      ({ refreshToken }) => last.push(server.accepts(refreshToken) ? 'served' : `old ${refreshToken}`),
      (error: AuthError) => last.push(`${error.code} ${error.message}`),
    );
    await time.pass(30_000);
  }
  return { server, last, odd, late, trace };
}

const one = { processes: 1, leases: true, graceMs: 0, damage: true, losses: true };
const three = { processes: 3, leases: true, graceMs: 0, damage: false, losses: true };
const worlds: [string, World][] = [
  ['one process, whose store loses, garbles and forgets', one],
  ['the same, where the server allows a token twice for 10 s', { ...one, graceMs: 10_000 }],
  ['three processes, a store with leases', three],
  ['three processes, a store without leases', { ...three, leases: false }],
  ['one process, whose store fails in all ways, and a server that loses no answer', { ...one, losses: false }],
  ['three processes, leases, and a server that loses no answer', { ...three, losses: false }],
];

/** Together more than 100,000 steps. */
const STORIES = Number(process.env.AUTHWIRE_STORIES ?? 68);
/** Seeds of stories that went wrong once. */
const FOUND = [369, 458, 596, 1377, 1484, 1890, 3016];

describe.each(worlds)('%s', (_name, world) => {
  it('never sends a refresh token twice, leaves nobody waiting, and loses no login by itself', async () => {
    let renewed = 0;
    let late = 0;
    for (const seed of [...Array.from({ length: STORIES }, (_, index) => index + 1), ...FOUND]) {
      const story = await play(seed, world);
      const waiting = world.processes - story.last.length;
      const verdict = { seed, reused: story.server.reused, odd: story.odd, waiting };
      expect(verdict, story.trace.slice(-40).join('\n')).toEqual({ seed, reused: [], odd: [], waiting: 0 });
      if (!world.losses)
        expect(story.last, `seed ${seed}\n${story.trace.slice(-40).join('\n')}`).toEqual(
          story.last.map(() => 'served'),
        );
      renewed += story.server.issued;
      late += story.late;
    }
    expect(renewed).toBeGreaterThan(5 * STORIES);
    expect(late).toBeGreaterThan(STORIES / 2);
  }, 600_000);
});
