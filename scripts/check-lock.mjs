// Fails when package-lock.json would break `npm ci` elsewhere: an optional (platform) dependency that the
// lock names but doesn't hold, or a download address of one particular registry.
import { readFileSync } from 'node:fs';

const lock = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8'));

/** @type {Record<string, {resolved?: string, optionalDependencies?: Record<string, string>}>} */
const packages = lock.packages;

/**
 * Whether `name` is found from the package at `from`, the way Node looks it up: in its own node_modules, then outwards.
 *
 * @param {string} from
 * @param {string} name
 */
function resolves(from, name) {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('node_modules/') - 1))) {
    if (packages[`${folder}${folder && '/'}node_modules/${name}`]) return true;
    if (folder === '') return false;
  }
}

const problems = Object.entries(packages).flatMap(([path, { resolved, optionalDependencies = {} }]) => [
  ...Object.keys(optionalDependencies)
    .filter((name) => !resolves(path, name))
    .map((name) => `${path}: optional dependency ${name} is missing from the lock`),
  ...(/^https?:/.test(resolved ?? '') ? [`${path}: names a download address`] : []),
]);

if (problems.length > 0) {
  console.error(problems.join('\n'));
  console.error(
    '\nDelete node_modules and package-lock.json and run npm install; a hole that stays needs an older, pinned version.',
  );
  process.exit(1);
}
console.log(`package-lock.json: ${Object.keys(packages).length} packages, no holes`);
