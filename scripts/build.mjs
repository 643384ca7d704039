// Builds the package into `dist`: ESM with dependencies left out, CommonJS with dependencies inside, and declarations for
// both. What entries share becomes a chunk in either format, so that a class exists once per format.
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import manifest from '../package.json' with { type: 'json' };
import { writeDeclarations } from './declarations.mjs';
import { droppable } from './droppable.mjs';
import { entries, fileOf, inBrowsers, onNode } from './entries.mjs';
import { writeLicenses } from './licenses.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const peers = Object.keys(manifest.peerDependencies);
const dependencies = Object.keys(manifest.dependencies);
const input = Object.fromEntries([
  ...Object.entries(entries).map(([entry, source]) => [fileOf(entry), source]),
  ...Object.entries(onNode).map(([entry, source]) => [`${fileOf(entry)}-node`, source]),
  ...Object.entries(inBrowsers).map(([entry, source]) => [`${fileOf(entry)}-browser`, source]),
]);

/** @param {readonly string[]} packages */
function external(packages) {
  return [/^node:/, ...packages.map((name) => new RegExp(`^${name}(/|$)`))];
}

/** @type {import('rolldown').OutputOptions} */
const readable = {
  entryFileNames: '[name].js',
  chunkFileNames: 'chunk-[name].js',
  // Docstrings are in the declarations. Bundlers need the annotations.
  comments: { legal: false, annotation: true, jsdoc: false },
  // Few files for what nearly everybody loads; what else entries share becomes chunks by itself.
  codeSplitting: {
    groups: [
      { name: 'core', test: /\/src\/(?!index\.ts)(?:[\w-]+\.ts|(?:challenge|secrets|lifecycle|adapters\/web)\/)/ },
      // Apart, because async-mutex does not say that bundlers may drop it.
      { name: 'tokens', test: /\/src\/tokens\// },
      { name: 'authenticators', test: /\/src\/authenticators\/(?!oauth2|openstack|digest|by-)/ },
    ],
  },
};

rmSync(new URL('../dist', import.meta.url), { recursive: true, force: true });

const esm = await rolldown({
  input: { ...input, 'cli/main': 'src/cli/main.ts' },
  external: external([...peers, ...dependencies]),
  platform: 'neutral',
  plugins: [droppable],
  cwd: root,
  transform: { target: 'es2023' },
});
await esm.write({ ...readable, dir: 'dist', format: 'esm' });

const commonjs = await rolldown({
  input,
  external: external(peers),
  platform: 'node',
  cwd: root,
  transform: { target: 'es2023' },
});
const { output } = await commonjs.write({
  ...readable,
  dir: 'dist/cjs',
  format: 'cjs',
  // Jest's default mode has no `import()`.
  dynamicImportInCjs: false,
});

await writeDeclarations(external([...peers, ...dependencies]));
writeLicenses(output.flatMap((chunk) => ('moduleIds' in chunk ? chunk.moduleIds : [])));
