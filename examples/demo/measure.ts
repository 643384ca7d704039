import { explain } from './explain.ts';
import type { Figures, Scenario } from './scenarios.ts';
import type { Stage } from './stage.ts';

export interface Result extends Figures {
  readonly client: string;
  readonly scenario: string;
  readonly ms: number;
  /** What is not as it must be. */
  readonly deviations: readonly string[];
}

/** One scenario under way. */
export interface Run {
  readonly client: string;
  readonly scenario: string;
  /** The figures so far. */
  count(): Omit<Figures, 'outcome'>;
  readonly result: Promise<Result>;
}

/**
 * Runs a scenario, and counts at the servers what it causes.
 *
 * @param signal - Ends the wait, where something hangs.
 */
export function start(scenario: Scenario, stage: Stage, signal: AbortSignal): Run {
  const before = { requests: stage.api.requests.count, tokenRequests: stage.tokenRequests() };
  const count = () => ({
    requests: stage.api.requests.count - before.requests,
    tokenRequests: stage.tokenRequests() - before.tokenRequests,
  });
  const names = { client: stage.client, scenario: scenario.name };
  return { ...names, count, result: finish() };

  async function finish(): Promise<Result> {
    const began = performance.now();
    const outcome = await Promise.race([scenario.run(stage), aborted(signal)]).catch(explain);
    stage.api.releaseAll();
    const figures = { ...count(), outcome };
    return { ...names, ...figures, ms: performance.now() - began, deviations: compare(figures, scenario.expected) };
  }
}

const FIGURES: readonly (readonly [keyof Figures, string])[] = [
  ['requests', 'requests'],
  ['tokenRequests', 'token requests'],
  ['outcome', 'outcome'],
];

function compare(figures: Figures, expected: Figures): string[] {
  return FIGURES.filter(([key]) => figures[key] !== expected[key]).map(
    ([key, name]) => `${name}: ${figures[key]} instead of ${expected[key]}`,
  );
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
