// Prints `N passed, N failed` from the JSON report of a vitest run, named as the argument. A file that failed before
// its first test counts as one failure. Fails when a suite stayed empty, because vitest is content as long as one
// project finds a test, and when the README's badge states more tests than have passed. `--write` renews that badge.
import { readFileSync, writeFileSync } from 'node:fs';
import { BADGES, badgesOf } from './badges.mjs';

const report = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'));
/** @type {{name: string, status: string, assertionResults: {status: string}[]}[]} */
const files = report.testResults;

const broken = files.filter(
  ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
);
const empty = ['unit', 'integration', 'types'].filter(
  (suite) => !files.some(({ name }) => name.includes(`/test/${suite}/`)),
);
if (empty.length > 0) {
  console.error(`No test ran in: ${empty.map((suite) => `test/${suite}`).join(', ')}`);
  process.exitCode = 1;
}

const badge = new URL(`../${BADGES}/tests.svg`, import.meta.url);
if (process.argv.includes('--write')) {
  const tests = Math.floor(report.numPassedTests / 500) * 500;
  writeFileSync(badge, badgesOf({ size: '', tests })['tests.svg'] ?? '');
}
const stated = Number(/over ([\d,]+)/.exec(readFileSync(badge, 'utf8'))?.[1]?.replaceAll(',', ''));
if (!(report.numPassedTests > stated)) {
  console.error(`The README's badge states over ${stated} tests. Run this script with --write.`);
  process.exitCode = 1;
}
console.log(`${report.numPassedTests} passed, ${report.numFailedTests + broken.length} failed`);
