import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

/**
 * Writes the licences of the packages that the CommonJS build contains.
 *
 * @param {readonly string[]} modules - Paths of all modules in the build.
 */
export function writeLicenses(modules) {
  const folders = new Set(modules.flatMap((id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id) ?? []));
  const texts = [...folders].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    const text = file === undefined ? '' : `\n\n${readFileSync(`${folder}/${file}`, 'utf8').trim()}`;
    return `${name} ${version} (${license})${text}\n`;
  });
  writeFileSync(new URL('../dist/cjs/LICENSES.txt', import.meta.url), texts.join(`\n${'-'.repeat(80)}\n\n`));
}
