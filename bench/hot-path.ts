/**
 * What a request costs more with a valid token. Results are medians over rounds: what disturbs a round disturbs everybody
 * in it.
 */

import type { HotCase } from './cases.ts';
import { batch, batches, calls, type Field, type Round } from './rounds.ts';
import { type Spread, shuffled, spread } from './statistics.ts';
import { lastAuthorization } from './transports.ts';

const CONTENDERS = ['bare', 'fiveLine', 'careful', 'authwire'] as const;
type Contender = (typeof CONTENDERS)[number];

export interface HotPathOptions {
  readonly rounds: number;
  /** Batches of everybody in one round. */
  readonly turns: number;
  /** How long a careful floor's batch takes. */
  readonly batchMs: number;
  /** Calls of everybody in one round, where they are measured one by one. */
  readonly calls: number;
  readonly warmUpMs: number;
}

/** Times in nanoseconds for one call. `added` is what comes on top of the bare client in the same round. */
export interface HotPathResult {
  readonly name: string;
  readonly target: number;
  readonly bare: Spread;
  readonly added: Record<Exclude<Contender, 'bare'>, Spread>;
  /** What authwire adds, as a share of what the careful floor adds. */
  readonly ratio: Spread;
}

/** @throws Error when a token does not arrive at a transport. */
export async function measureHotPath(cases: readonly HotCase[], options: HotPathOptions): Promise<HotPathResult[]> {
  for (const each of cases) await checkTokens(each);
  await warmUp(cases, options.warmUpMs);
  const counts = new Map<HotCase, number>();
  for (const each of cases) counts.set(each, await batchSize(each, options.batchMs));
  const rounds = new Map<HotCase, Round<Contender>[]>(cases.map((each) => [each, []]));
  for (let round = 0; round < options.rounds; round += 1) {
    for (const each of shuffled(cases, round)) {
      const { turns } = options;
      const times =
        each.by === 'batch'
          ? await batches(fieldOf(each), round, { turns, count: counts.get(each) ?? 1 })
          : await calls(fieldOf(each), round, options.calls);
      rounds.get(each)?.push(times);
    }
  }
  return cases.map((each) => summarize(each, rounds.get(each) ?? []));
}

function fieldOf(each: HotCase): Field<Contender> {
  return CONTENDERS.map((contender) => [contender, each[contender]]);
}

/** Everybody several times in turn, so that what they share is compiled for all of them. */
async function warmUp(cases: readonly HotCase[], forMs: number): Promise<void> {
  const passes = 8;
  for (let pass = 0; pass < passes; pass += 1) {
    for (const [, call] of cases.flatMap(fieldOf)) {
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
  for (const [contender, call] of fieldOf(each)) {
    await call();
    const sent = lastAuthorization();
    const isRight = contender === 'bare' ? sent === null : sent?.startsWith(each.sends);
    if (!isRight) throw new Error(`${each.name}: ${contender} sent 'Authorization: ${sent}'`);
  }
}

function summarize({ name, target }: HotCase, rounds: readonly Round<Contender>[]): HotPathResult {
  const added = (contender: Contender) => rounds.map((times) => (times[contender] ?? 0) - (times.bare ?? 0));
  const careful = added('careful');
  const authwire = added('authwire');
  return {
    name,
    target,
    bare: spread(rounds.map((times) => times.bare ?? 0)),
    added: { fiveLine: spread(added('fiveLine')), careful: spread(careful), authwire: spread(authwire) },
    ratio: spread(authwire.map((time, round) => time / (careful[round] ?? Number.NaN))),
  };
}
