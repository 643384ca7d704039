import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { apache } from '../../helpers/digest-scenarios/apache.ts';
import { httpbin } from '../../helpers/digest-scenarios/httpbin.ts';
import { lighttpd } from '../../helpers/digest-scenarios/lighttpd.ts';
import { expectScenario, runScenario, type Scenario } from '../../helpers/digest-scenarios/scenario.ts';
import { expectProxyScenario, runProxyScenario } from '../../helpers/digest-scenarios/squid.ts';
import { replay, type WireExchange } from '../../helpers/wire-fetch.ts';

/** What real servers have said to us, byte for byte; the extended tests record it anew with `RECORD=1`. */
function recordOf(server: string): Readonly<Record<string, readonly WireExchange[]>> {
  const file = new URL(`../../fixtures/${server}/digest.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as Record<string, readonly WireExchange[]>;
}

const servers: [server: string, scenarios: readonly Scenario[]][] = [
  ['apache', apache],
  ['lighttpd', lighttpd],
  ['httpbin', httpbin],
];

describe.each(servers)('what %s has said', (server, scenarios) => {
  const recorded = recordOf(server);

  it('is on record, and nothing else is', () => {
    expect(Object.keys(recorded).toSorted()).toEqual(scenarios.map(({ name }) => name).toSorted());
  });

  it.each(scenarios)('$name', async (scenario) => {
    // What was rewritten then is rewritten already.
    const { rewrite: _, ...asRecorded } = scenario;
    expectScenario(scenario, await runScenario(asRecorded, replay(recorded[scenario.name] ?? [])));
  });
});

it('what squid has said to twelve requests', async () => {
  expectProxyScenario(await runProxyScenario(replay(recordOf('squid')['twelve requests'] ?? [])));
});
