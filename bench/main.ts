/**
 * node bench/main.ts [--quick] [--only fetch-init,axios,server-forward,storm,masking] [--check]
 *
 * Times what authentication adds to a request, against what one writes by hand. `--check` exits with 1 when a target is
 * missed.
 */

import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { hotCases } from './cases.ts';
import { measureHotPath } from './hot-path.ts';
import { maskingTable, measureMasking, measureUpdate } from './masking.ts';
import { hotPathTable, isMet, stormTable } from './report.ts';
import { serverCases } from './server-cases.ts';
import { measureStorm } from './storm.ts';

const { values } = parseArgs({
  options: { quick: { type: 'boolean' }, only: { type: 'string' }, check: { type: 'boolean' } },
});
const quick = values.quick === true;
const wanted = values.only?.split(',');
const isWanted = (name: string) => wanted === undefined || wanted.includes(name);

console.log(`Node ${process.version}, ${cpus()[0]?.model}, ${quick ? 'quick' : 'full'} run\n`);

const cases = [...(await hotCases()), ...serverCases()].filter(({ name }) => isWanted(name));
const hotPath = await measureHotPath(cases, {
  rounds: quick ? 8 : 30,
  turns: 7,
  batchMs: 8,
  calls: quick ? 400 : 800,
  warmUpMs: quick ? 250 : 1000,
});
if (hotPath.length > 0) {
  console.log('A valid token: what a call costs more, in nanoseconds (median, least–most; ratios with quartiles)\n');
  console.log(`${hotPathTable(hotPath)}\n`);
}

const storms = [];
if (isWanted('storm')) {
  for (const calls of [1_000, 10_000]) storms.push(...(await measureStorm(calls, quick ? 5 : 21)));
  console.log('A dead token under many parallel calls with fetch\n');
  console.log(stormTable(storms));
}

if (isWanted('masking')) console.log(`\nMasking\n\n${maskingTable(measureMasking(quick ? 3 : 9), measureUpdate())}`);

const missed =
  hotPath.some(({ ratio, target }) => !isMet(ratio.median, target)) ||
  storms.some(({ targets }) => targets?.met === false);
if (values.check === true && missed) process.exitCode = 1;
