// Fails when a marked secret of the tests can be read in one of the files named as arguments, whichever way it is
// encoded: the output of a test run, and its report. Needs a Node that reads TypeScript, as `npm run` finds it.
import { readFileSync } from 'node:fs';
import { findMarks } from '../test/helpers/leaks-forms.ts';

const files = process.argv.slice(2);
const found = files.flatMap((file) => findMarks(readFileSync(file, 'utf8')).map((around) => `${file}: ${around}`));
for (const one of found) console.error(one);
console.log(`${found.length} marked secrets in ${files.length} files`);
if (files.length === 0 || found.length > 0) process.exitCode = 1;
