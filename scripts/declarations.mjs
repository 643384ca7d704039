import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { entries, typesOf } from './entries.mjs';

const types = new URL('../dist/types/', import.meta.url);
const commonjs = new URL('../dist/cjs/', import.meta.url);

/** Relative imports of a declaration file: `from './a.ts'`, `import('./a.ts')`, `import './a.ts'`. */
const RELATIVE = /(\bfrom |\bimport\(|\bimport )(['"])(\.{1,2}\/[^'"]+)\.ts\2/g;

/**
 * Finishes what tsc wrote to `dist/types`: keeps the files that an entry point reaches, and copies them for CommonJS.
 * The source imports with `.ts`, because Node then runs it as it is; older compilers want `.js`.
 */
export function writeDeclarations() {
  const reached = reachable();
  for (const name of readdirSync(types, { encoding: 'utf8', recursive: true })) {
    if (name.endsWith('.d.ts') && !reached.has(new URL(name, types).href)) rmSync(new URL(name, types));
  }
  for (const [href, text] of reached) writeFileSync(new URL(href), text.replace(RELATIVE, '$1$2$3.js$2'));
  mkdirSync(commonjs, { recursive: true });
  cpSync(types, new URL('types/', commonjs), { recursive: true });
  writeFileSync(new URL('package.json', commonjs), `${JSON.stringify({ type: 'commonjs' })}\n`);
}

/** Text by address. */
function reachable() {
  const found = new Map();
  const waiting = Object.values(entries).map((source) => new URL(`${typesOf(source)}.d.ts`, types).href);
  for (const href of waiting) {
    if (found.has(href)) continue;
    const text = readFileSync(new URL(href), 'utf8');
    found.set(href, text);
    for (const [, , , path] of text.matchAll(RELATIVE)) waiting.push(new URL(`${path}.d.ts`, href).href);
  }
  return found;
}
