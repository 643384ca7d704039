import { execFileSync } from 'node:child_process';
import { globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { dts } from 'rolldown-plugin-dts';
import { entries, fileOf } from './entries.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Programs that use `authwire/node` without undici have none of its types, and need none. */
const OPTIONAL = /^import .* from "undici";$/gm;

/**
 * Writes one declaration file for each entry point, with only what its names need, and the same for CommonJS. tsc makes them
 * from the source; what entries share becomes a chunk, so that a class is one type.
 *
 * @param {readonly RegExp[]} external - Packages that stay imports.
 */
export async function writeDeclarations(external) {
  const raw = `${root}dist/.declarations`;
  execFileSync('node_modules/.bin/tsc', ['-p', 'tsconfig.build.json', '--outDir', raw], {
    cwd: root,
    stdio: 'inherit',
  });
  const bundle = await rolldown({
    input: Object.fromEntries(
      Object.entries(entries).map(([entry, source]) => [fileOf(entry), `${raw}${written(source)}`]),
    ),
    external: [...external],
    plugins: [{ name: 'as-written', resolveId }, dts({ dtsInput: true })],
  });
  const dist = `${root}dist`;
  await bundle.write({ dir: dist, entryFileNames: '[name].d.ts', chunkFileNames: 'types-[name].d.ts' });
  rmSync(raw, { recursive: true });
  for (const name of globSync('*.d.ts', { cwd: dist })) {
    const text = readFileSync(`${dist}/${name}`, 'utf8').replace(OPTIONAL, '// @ts-ignore: an optional peer\n$&');
    writeFileSync(`${dist}/${name}`, text);
    writeFileSync(`${dist}/cjs/${name}`, text);
  }
  writeFileSync(`${dist}/cjs/package.json`, `${JSON.stringify({ type: 'commonjs' })}\n`);
}

/** @param {string} source */
function written(source) {
  return source.slice('src'.length).replace(/\.ts$/, '.d.ts');
}

/**
 * The source imports with `.ts`, because Node then runs it as it is, and so do its declarations.
 *
 * @param {string} specifier
 * @param {string | undefined} importer
 */
function resolveId(specifier, importer) {
  if (importer === undefined || !specifier.startsWith('.') || specifier.endsWith('.d.ts')) return null;
  return resolve(dirname(importer), specifier.replace(/\.ts$/, '.d.ts'));
}
