import { mkdirSync, writeFileSync } from 'node:fs';
import { afterAll, describe, it } from 'vitest';
import { expectScenario, runScenario, type Scenario } from '../helpers/digest-scenarios/scenario.ts';
import { talkTo, type WireExchange } from '../helpers/wire-fetch.ts';

/**
 * Runs scenarios with a real server. With `RECORD=1` in the environment, what went over the wire is kept in
 * `test/fixtures`, for the tests that have no server.
 */
export function runWithServer(name: string, scenarios: readonly Scenario[], origin: string): void {
  const recorded: Record<string, readonly WireExchange[]> = {};
  describe('gives or takes, as it should', () => {
    it.each(scenarios)('$name', async (scenario) => {
      const result = await runScenario(scenario, talkTo(origin));
      recorded[scenario.name] = result.exchanges;
      expectScenario(scenario, result);
    });
  });
  afterAll(() => record(name, recorded));
}

/** Writes down what went over the wire, if it was asked for. */
export function record(name: string, recorded: Readonly<Record<string, readonly WireExchange[]>>): void {
  if (process.env.RECORD === undefined) return;
  const folder = new URL(`../fixtures/${name}/`, import.meta.url);
  mkdirSync(folder, { recursive: true });
  writeFileSync(new URL('digest.json', folder), `${JSON.stringify(recorded, null, 2)}\n`);
}
