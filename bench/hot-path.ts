/**
 * What a request costs more with a valid token. Every round measures everybody of every client in several turns, each
 * time in another order, for a batch of calls that lasts some milliseconds (long enough to bear its share of garbage
 * collection), one call at a time. A round's time is the median of its turns, so that whoever was interrupted in one of
 * them does not count; results are medians over rounds of what was measured side by side.
 *
 * mitata's `measure` would warm up and compile its loop anew for every batch, so of mitata there is only what keeps the
 * results from being optimised away.
 */

import { setImmediate } from 'node:timers/promises';
import { do_not_optimize } from 'mitata';
import { type Call, type HotCase, TOKEN } from './cases.ts';
import { cpuMs } from './cpu-time.ts';
import { median, type Spread, shuffled, spread } from './statistics.ts';
import { lastAuthorization } from './transports.ts';

const CONTENDERS = ['bare', 'fiveLine', 'careful', 'authwire'] as const;
type Contender = (typeof CONTENDERS)[number];

export interface HotPathOptions {
  readonly rounds: number;
  /** Batches of everybody in one round. */
  readonly turns: number;
  /** How long a careful floor's batch takes. */
  readonly batchMs: number;
  readonly warmUpMs: number;
}

/** Times in nanoseconds for one call. `added` is what comes on top of the bare client in the same round. */
export interface HotPathResult {
  readonly name: string;
  readonly target: number;
  readonly bare: Spread;
  readonly added: Partial<Record<Exclude<Contender, 'bare'>, Spread>>;
  /** What authwire adds, as a share of what the careful floor adds. */
  readonly ratio: Spread | undefined;
}

/** @throws Error when a token does not arrive at a transport. */
export async function measureHotPath(cases: readonly HotCase[], options: HotPathOptions): Promise<HotPathResult[]> {
  for (const each of cases) await checkTokens(each);
  await warmUp(cases, options.warmUpMs);
  const counts = new Map<HotCase, number>();
  for (const each of cases) counts.set(each, await batchSize(each, options.batchMs));
  const rounds = new Map<HotCase, Round[]>(cases.map((each) => [each, []]));
  for (let round = 0; round < options.rounds; round += 1) {
    for (const each of shuffled(cases, round)) {
      rounds.get(each)?.push(await measureRound(each, counts.get(each) ?? 1, round, options.turns));
    }
  }
  return cases.map((each) => summarize(each, rounds.get(each) ?? []));
}

type Round = Partial<Record<Contender, number>>;

async function measureRound(each: HotCase, count: number, round: number, turns: number): Promise<Round> {
  const times = new Map<Contender, number[]>(CONTENDERS.map((contender) => [contender, []]));
  for (let turn = 0; turn < turns; turn += 1) {
    for (const contender of shuffled(CONTENDERS, round * turns + turn)) {
      const call = each[contender];
      if (call !== undefined) times.get(contender)?.push((await batch(call, count)) / count);
    }
  }
  return Object.fromEntries([...times].map(([contender, values]) => [contender, median(values)]));
}

/**
 * Nanoseconds. Begins in a fresh turn of the event loop: as long as only promises run, nothing that a WeakRef has pointed
 * to can be collected, and every Request of fetch comes with one.
 */
async function batch(call: Call, count: number): Promise<number> {
  await setImmediate();
  const start = cpuMs();
  for (let index = 0; index < count; index += 1) do_not_optimize(await call());
  return (cpuMs() - start) * 1e6;
}

async function warmUp(cases: readonly HotCase[], forMs: number): Promise<void> {
  const calls = cases.flatMap((each) => CONTENDERS.flatMap((contender) => each[contender] ?? []));
  const passes = 8;
  for (let pass = 0; pass < passes; pass += 1) {
    for (const call of calls) {
      const end = performance.now() + forMs / passes;
      do await batch(call, 50);
      while (performance.now() < end);
    }
  }
}

async function batchSize(each: HotCase, batchMs: number): Promise<number> {
  const probe = 500;
  const times = [await batch(each.careful, probe), await batch(each.careful, probe), await batch(each.careful, probe)];
  return Math.max(20, Math.round((batchMs * 1e6 * probe) / Math.max(...times)));
}

async function checkTokens(each: HotCase): Promise<void> {
  for (const contender of CONTENDERS) {
    await each[contender]?.();
    const expected = contender === 'bare' ? null : `Bearer ${TOKEN}`;
    if (each[contender] !== undefined && lastAuthorization() !== expected) {
      throw new Error(`${each.name}: ${contender} sent 'Authorization: ${lastAuthorization()}'`);
    }
  }
}

function summarize(each: HotCase, rounds: readonly Round[]): HotPathResult {
  const over = (contender: Contender) => rounds.map((times) => (times[contender] ?? 0) - (times.bare ?? 0));
  const careful = over('careful');
  const subject = each.authwire && over('authwire');
  return {
    name: each.name,
    target: each.target,
    bare: spread(rounds.map((times) => times.bare ?? 0)),
    added: {
      fiveLine: spread(over('fiveLine')),
      careful: spread(careful),
      ...(subject && { authwire: spread(subject) }),
    },
    ratio: subject && spread(subject.map((time, round) => time / (careful[round] ?? Number.NaN))),
  };
}
