/**
 * `npm run demo`: a real authorization server and a protected API on loopback, and five clients that do the same work.
 * Every figure is checked: one that is not what it must be ends the demo with exit code 1. `npm run demo -- --serve` keeps the
 * servers running for the command line.
 */

import { startBrowser, USER } from './browsers.ts';
import { allFive, clients } from './clients.ts';
import { collectDebugLines } from './debug-lines.ts';
import { type Result, start } from './measure.ts';
import { follow, heading, paint } from './progress.ts';
import { crowd, type Scenario, scenarios } from './scenarios.ts';
import { signIns } from './sign-ins.ts';
import { PERSON, Servers, type Stage } from './stage.ts';
import { table } from './table.ts';

const DEADLINE_MS = 25_000;
const SCENARIO_DEADLINE_MS = 6_000;

const interruption = new AbortController();
process.once('SIGINT', () => interruption.abort(new Error('interrupted')));
const signal = AbortSignal.any([interruption.signal, AbortSignal.timeout(DEADLINE_MS)]);

const results: Result[] = [];
const deviations: string[] = [];

const servers = await Servers.start();
if (process.argv.includes('--serve')) await serve();
// It takes its time: meanwhile the clients work.
const starting = startBrowser();
try {
  await demonstrate();
} finally {
  await (await starting).close();
  await servers.close();
}
if (interruption.signal.aborted) process.exitCode = 130;
else conclude();

/** Lets people try the command line against the servers, until Ctrl-C. */
async function serve(): Promise<never> {
  console.log(`authwire login ${servers.issuer} --client-id ${PERSON}    # ${USER.username}, ${USER.password}`);
  console.log(`authwire request ${servers.api.url('/reports')}`);
  await new Promise((resolve) => interruption.signal.addEventListener('abort', resolve));
  await servers.close();
  process.exit(0);
}

async function demonstrate(): Promise<void> {
  heading('Five clients, each with a login of its own');
  for (const client of clients) await perform(await servers.stageFor(client), scenarios);

  if (signal.aborted) return;
  heading('All five at once, with one authenticator');
  const together = await servers.stageFor(allFive);
  await together.send({ url: together.api.url('/reports') });
  await perform(together, [crowd]);

  if (signal.aborted) return;
  const browser = await starting;
  heading(`A person signs in, with ${browser.name}`);
  const fetching = clients.find(({ name }) => name === 'fetch') ?? allFive;
  await perform({ ...(await servers.stageFor(fetching)), client: 'person' }, signIns(servers.issuer, browser));

  if (signal.aborted) return;
  const debug = await collectDebugLines(servers);
  deviations.push(...debug.deviations);
  heading('What a token that was refused looks like with debug: true, and in a log that goes through the filter');
  for (const line of debug.lines) console.log(paint('dim', line));
}

async function perform(stage: Stage, work: readonly Scenario[]): Promise<void> {
  for (const scenario of work) {
    if (signal.aborted) return;
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(SCENARIO_DEADLINE_MS)]);
    const result = await follow(start(scenario, stage, deadline));
    results.push(result);
    deviations.push(...result.deviations.map((deviation) => `${result.client}, ${result.scenario}: ${deviation}`));
  }
  const alive = await stage.login.isAlive();
  if (!alive) deviations.push(`${stage.client}: the login is over, because a refresh token was used twice`);
}

function conclude(): void {
  heading('Counted at the servers');
  for (const line of table(results)) console.log(line);
  const seconds = (performance.now() / 1000).toFixed(1);
  if (deviations.length === 0) {
    const verdict = `All ${results.length} rows are as they must be, and no refresh token was used twice. ${seconds} s`;
    console.log(`\n${paint('green', verdict)}`);
    return;
  }
  console.log(`\n${paint('red', 'Not as it must be:')}`);
  for (const deviation of deviations) console.log(`- ${deviation}`);
  process.exitCode = 1;
}
