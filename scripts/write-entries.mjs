// Writes `exports` and `typesVersions` of package.json and `paths` of tsconfig.json from scripts/entries.mjs.
// With `--check` it only fails where they differ.
import { readFileSync, writeFileSync } from 'node:fs';
import { entries, fileOf, inBrowsers, notBrowsers, onNode } from './entries.mjs';

const isCheck = process.argv.includes('--check');

/** @param {string} entry */
function conditionsOf(entry) {
  const file = fileOf(entry);
  const own = formatsOf(file, file);
  return {
    ...(entry in onNode && { node: formatsOf(file, `${file}-node`) }),
    ...(entry in inBrowsers && {
      ...Object.fromEntries(notBrowsers.map((condition) => [condition, own])),
      browser: formatsOf(file, `${file}-browser`),
    }),
    ...own,
  };
}

/**
 * @param {string} types
 * @param {string} file
 */
function formatsOf(types, file) {
  return {
    import: { types: `./dist/${types}.d.ts`, default: `./dist/${file}.js` },
    require: { types: `./dist/cjs/${types}.d.ts`, default: `./dist/cjs/${file}.js` },
  };
}

const all = Object.entries(entries);
const subpaths = all.filter(([entry]) => entry !== '.');

rewrite('package.json', (manifest) => {
  manifest.exports = {
    ...Object.fromEntries(all.map(([entry]) => [entry, conditionsOf(entry)])),
    './package.json': './package.json',
  };
  // For `moduleResolution: node10`, which does not know `exports`.
  manifest.typesVersions = {
    '*': Object.fromEntries(subpaths.map(([entry]) => [fileOf(entry), [`./dist/cjs/${fileOf(entry)}.d.ts`]])),
  };
});
rewrite('tsconfig.json', ({ compilerOptions }) => {
  compilerOptions.paths = Object.fromEntries(
    all.map(([entry, source]) => [entry.replace('.', 'authwire'), [`./${source}`]]),
  );
});

/**
 * @param {string} name
 * @param {(content: any) => void} change
 */
function rewrite(name, change) {
  const file = new URL(`../${name}`, import.meta.url);
  const content = JSON.parse(readFileSync(file, 'utf8'));
  const before = JSON.stringify(content);
  change(content);
  if (JSON.stringify(content) === before) return;
  if (isCheck) {
    console.error(`${name} does not agree with scripts/entries.mjs: npm run entries`);
    process.exitCode = 1;
  } else {
    writeFileSync(file, `${JSON.stringify(content, undefined, 2)}\n`);
  }
}
