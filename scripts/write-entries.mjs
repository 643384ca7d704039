// Writes `exports` and `typesVersions` of package.json and `paths` of tsconfig.json from scripts/entries.mjs.
// With `--check` it only fails where they differ.
import { readFileSync, writeFileSync } from 'node:fs';
import { entries, fileOf, onNode, typesOf } from './entries.mjs';

const isCheck = process.argv.includes('--check');

/** @param {[string, string]} entry */
function conditionsOf([entry, source]) {
  const node = onNode[entry];
  return {
    ...(node !== undefined && { node: formatsOf(node, `${fileOf(entry)}-node`) }),
    ...formatsOf(source, fileOf(entry)),
  };
}

/**
 * @param {string} source
 * @param {string} file
 */
function formatsOf(source, file) {
  return {
    import: { types: `./dist/types/${typesOf(source)}.d.ts`, default: `./dist/${file}.js` },
    require: { types: `./dist/cjs/types/${typesOf(source)}.d.ts`, default: `./dist/cjs/${file}.js` },
  };
}

const all = Object.entries(entries);
const subpaths = all.filter(([entry]) => entry !== '.');

rewrite('package.json', (manifest) => {
  manifest.exports = {
    ...Object.fromEntries(all.map((entry) => [entry[0], conditionsOf(entry)])),
    './package.json': './package.json',
  };
  // For `moduleResolution: node10`, which does not know `exports`.
  manifest.typesVersions = {
    '*': Object.fromEntries(
      subpaths.map(([entry, source]) => [fileOf(entry), [`./dist/cjs/types/${typesOf(source)}.d.ts`]]),
    ),
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
