/** The README's table of sizes: what `check:size` measures, written by `npm run check:size -- --write`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { BADGES, badgesOf } from './badges.mjs';

const readme = new URL('../README.md', import.meta.url);
const block = /(?<=<!-- sizes: npm run check:size -- --write -->\n)[\s\S]*?(?=<!-- end of sizes -->)/;

/**
 * Sizes that the README states, by program.
 *
 * @returns {Map<string, number>}
 */
export function statedSizes() {
  const table = block.exec(readFileSync(readme, 'utf8'))?.[0] ?? '';
  return new Map(
    [...table.matchAll(/^\| `(.*)` \| ([\d.]+) kB \|$/gm)].map(([, program = '', size]) => [program, Number(size)]),
  );
}

/**
 * Programs that weigh more than the README says, or so much less that it should say so.
 *
 * @param {ReadonlyMap<string, number>} measured
 */
export function staleSizes(measured) {
  const stated = statedSizes();
  return [...measured].filter(([program, size]) => {
    const said = stated.get(program) ?? 0;
    return size > said + 0.05 || size < said * 0.6;
  });
}

/** @param {ReadonlyMap<string, number>} measured */
export function writeSizes(measured) {
  const rows = [...measured].map(([program, size]) => `| \`${program}\` | ${size.toFixed(1)} kB |`);
  const table = ['| program | minified and gzipped |', '| --- | ---: |', ...rows, ''].join('\n');
  writeFileSync(readme, readFileSync(readme, 'utf8').replace(block, table));
  const size = Math.min(...measured.values()).toFixed(1);
  writeFileSync(new URL(`../${BADGES}/size.svg`, import.meta.url), badgesOf({ size, tests: 0 })['size.svg'] ?? '');
}
