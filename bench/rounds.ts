/**
 * One round: everybody's time for one call, measured side by side. What takes less than some microseconds is measured in
 * batches, what takes longer call by call; either way one call at a time, and everybody in another order every time.
 *
 * mitata's `measure` would warm up and compile its loop anew for every batch, so of mitata there is only what keeps the
 * results from being optimised away.
 */

import { setImmediate } from 'node:timers/promises';
import { do_not_optimize } from 'mitata';
import type { Call } from './cases.ts';
import { cpuMs } from './cpu-time.ts';
import { median, quantile, shuffled } from './statistics.ts';

/** Nanoseconds for one call, by contender. */
export type Round<Contender extends string> = Partial<Record<Contender, number>>;

/** Who takes part. */
export type Field<Contender extends string> = readonly (readonly [Contender, Call])[];

/**
 * Several turns, in each of them a batch of everybody, long enough to bear its share of garbage collection. The median
 * turn counts.
 */
export async function batches<C extends string>(
  field: Field<C>,
  round: number,
  options: { readonly turns: number; readonly count: number },
): Promise<Round<C>> {
  const { turns, count } = options;
  const times = new Map<C, number[]>(field.map(([contender]) => [contender, []]));
  for (let turn = 0; turn < turns; turn += 1) {
    for (const [contender, call] of shuffled(field, round * turns + turn)) {
      times.get(contender)?.push((await batch(call, count)) / count);
    }
  }
  return summarize(times, median);
}

/**
 * Begins in a fresh turn of the event loop: as long as only promises run, nothing that a WeakRef has pointed to can be
 * collected, and every Request of fetch comes with one.
 *
 * @returns Nanoseconds.
 */
export async function batch(call: Call, count: number): Promise<number> {
  await setImmediate();
  const start = cpuMs();
  for (let index = 0; index < count; index += 1) do_not_optimize(await call());
  return (cpuMs() - start) * 1e6;
}

/** Calls before the event loop gets a turn. */
const CALLS_IN_ONE_GO = 16;

/**
 * Everybody takes turns call by call, so that what slows the machine down for a moment slows everybody. The fastest twentieth
 * counts: other processes, and what they leave in the processor's caches, only ever make a call slower. (So does the
 * garbage collector, which is left out with them.)
 */
export async function calls<C extends string>(field: Field<C>, round: number, count: number): Promise<Round<C>> {
  const times = new Map<C, number[]>(field.map(([contender]) => [contender, []]));
  for (let index = 0; index < count; index += 1) {
    if (index % CALLS_IN_ONE_GO === 0) await setImmediate();
    for (const [contender, call] of shuffled(field, round * count + index)) {
      const start = performance.now();
      do_not_optimize(await call());
      times.get(contender)?.push((performance.now() - start) * 1e6);
    }
  }
  return summarize(times, (values) => quantile(values, 0.05));
}

function summarize<C extends string>(
  times: ReadonlyMap<C, readonly number[]>,
  by: (values: readonly number[]) => number,
): Round<C> {
  return Object.fromEntries([...times].map(([contender, values]) => [contender, by(values)])) as Round<C>;
}
