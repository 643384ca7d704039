/**
 * What a request costs more with a valid token. Every round measures everybody of every client once, in another order,
 * each for a batch of calls that lasts some milliseconds, one call at a time. What disturbs a round disturbs all of
 * it: so the numbers are medians over rounds of what was measured side by side.
 */

import { do_not_optimize } from 'mitata';
import { type Call, type HotCase, TOKEN } from './cases.ts';
import { nanoseconds, type Spread, shuffled, spread } from './statistics.ts';
import { lastAuthorization } from './transports.ts';

const CONTENDERS = ['bare', 'fiveLine', 'careful', 'authwire'] as const;
type Contender = (typeof CONTENDERS)[number];

export interface HotPathOptions {
  readonly rounds: number;
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
      globalThis.gc?.();
      rounds.get(each)?.push(await measureRound(each, counts.get(each) ?? 1, round));
    }
  }
  return cases.map((each) => summarize(each, rounds.get(each) ?? []));
}

type Round = Partial<Record<Contender, number>>;

async function measureRound(each: HotCase, count: number, round: number): Promise<Round> {
  const times: Round = {};
  for (const contender of shuffled(CONTENDERS, round)) {
    const call = each[contender];
    if (call !== undefined) times[contender] = (await batch(call, count)) / count;
  }
  return times;
}

async function batch(call: Call, count: number): Promise<number> {
  const start = nanoseconds();
  for (let index = 0; index < count; index += 1) do_not_optimize(await call());
  return nanoseconds() - start;
}

async function warmUp(cases: readonly HotCase[], forMs: number): Promise<void> {
  const calls = cases.flatMap((each) => CONTENDERS.flatMap((contender) => each[contender] ?? []));
  const passes = 8;
  for (let pass = 0; pass < passes; pass += 1) {
    for (const call of calls) {
      const end = nanoseconds() + (forMs * 1e6) / passes;
      do await batch(call, 50);
      while (nanoseconds() < end);
    }
  }
}

async function batchSize(each: HotCase, batchMs: number): Promise<number> {
  const probe = 500;
  const perCall = Math.min(await batch(each.careful, probe), await batch(each.careful, probe)) / probe;
  return Math.max(20, Math.round((batchMs * 1e6) / perCall));
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
