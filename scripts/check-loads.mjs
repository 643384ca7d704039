// Says what the entry points load: which packages, how many files, and how long a fresh process takes for them over an empty
// module, beside peers. Fails where the root or an adapter loads any package but async-mutex, or more than 12 files.
import { execFileSync } from 'node:child_process';
import { entries } from './entries.mjs';

const MOST_FILES = 12;
const ALLOWED = ['async-mutex'];
const RUNS = 15;
const root = new URL('..', import.meta.url).pathname;

const narrow = ['authwire', ...['axios', 'got', 'ky', 'fetch', 'undici'].map((client) => `authwire/${client}`)];
const all = Object.keys(entries).map((entry) => entry.replace('.', 'authwire'));
const timed = [
  ['an empty module', ['data:text/javascript,export {}']],
  ['authwire and authwire/fetch', ['authwire', 'authwire/fetch']],
  ...all.map((entry) => /** @type {[string, string[]]} */ ([entry, [entry]])),
  ...['@octokit/auth-token', 'ofetch', '@badgateway/oauth2-client', 'openid-client', 'google-auth-library'].map(
    (peer) => /** @type {[string, string[]]} */ ([peer, [peer]]),
  ),
];

let failed = false;
for (const entry of narrow) {
  const { packages, files } = loadsOf(entry);
  const isWrong = packages.some((name) => !ALLOWED.includes(name)) || files > MOST_FILES;
  failed ||= isWrong;
  const limits = isWrong ? `  MAY LOAD ${ALLOWED} AND ${MOST_FILES} FILES` : '';
  console.log(`${entry} loads ${files} files, packages: ${packages.join(', ') || 'none'}${limits}`);
}

/** @type {number[][]} */
const times = timed.map(() => []);
for (let run = 0; run < RUNS; run += 1) {
  for (const [index, [, specifiers]] of timed.entries())
    times[index]?.push(importMs(/** @type {string[]} */ (specifiers)));
}
const floor = median(times[0] ?? []);
console.log(`\ncold import, median of ${RUNS} fresh processes, ms over an empty module (${floor.toFixed(1)} ms)`);
for (const [index, [name]] of timed.entries()) {
  if (index > 0) console.log(`${(median(times[index] ?? []) - floor).toFixed(1).padStart(7)}  ${name}`);
}
if (failed) process.exitCode = 1;

/**
 * @param {string} specifier
 * @returns {{ packages: string[], files: number }}
 */
function loadsOf(specifier) {
  return JSON.parse(
    node(`
      import { registerHooks } from 'node:module';
      const files = [];
      registerHooks({ load: (url, context, next) => (url.startsWith('file:') && files.push(url), next(url, context)) });
      await import(${JSON.stringify(specifier)});
      const packages = files.flatMap((url) => /\\/node_modules\\/((?:@[^/]+\\/)?[^/]+)\\/(?!.*\\/node_modules\\/)/.exec(url)?.[1] ?? []);
      console.log(JSON.stringify({ packages: [...new Set(packages)], files: files.length }));`),
  );
}

/** @param {readonly string[]} specifiers */
function importMs(specifiers) {
  const imports = specifiers.map((specifier) => `await import(${JSON.stringify(specifier)});`).join('');
  return Number(node(`const start = performance.now(); ${imports} console.log(performance.now() - start);`));
}

/** @param {string} code */
function node(code) {
  return execFileSync(process.execPath, ['--input-type=module', '--eval', code], { cwd: root, encoding: 'utf8' });
}

/** @param {readonly number[]} values */
function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
