// Prints `N passed, N failed` from the JSON report of a vitest run, named as the argument. A file that failed before
// its first test counts as one failure. Fails when a suite stayed empty, because vitest is content as long as one
// project finds a test.
import { readFileSync } from 'node:fs';

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
console.log(`${report.numPassedTests} passed, ${report.numFailedTests + broken.length} failed`);
