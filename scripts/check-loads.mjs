// Says what the entry points load: which packages, how many files, and how long a fresh process takes for them over an empty
// module, beside peers. Fails where the root or an adapter loads any package but async-mutex, more than 12 files, or a module
// of Node that takes longer than all of them.
import { execFileSync } from 'node:child_process';
import { entries, nodeOnly } from './entries.mjs';

const MOST_FILES = 12;
const ALLOWED = ['async-mutex'];
const SLOW = ['crypto', 'stream', 'http', 'internal/deps/undici/undici'];
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
  const { packages, files, builtins } = loadsOf(entry);
  const slow = nodeOnly.includes(entry.replace('authwire', '.')) ? [] : builtins.filter((name) => SLOW.includes(name));
  const isWrong = packages.some((name) => !ALLOWED.includes(name)) || files > MOST_FILES || slow.length > 0;
  failed ||= isWrong;
  const limits = isWrong ? `  MAY LOAD ${ALLOWED} AND ${MOST_FILES} FILES` : '';
  const modules = slow.length > 0 ? `, of Node: ${slow.join(', ')}` : '';
  console.log(`${entry} loads ${files} files, packages: ${packages.join(', ') || 'none'}${modules}${limits}`);
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
 * @returns {{ packages: string[], files: number, builtins: string[] }}
 */
function loadsOf(specifier) {
  return JSON.parse(
    node(`
      import { registerHooks } from 'node:module';
      const files = [];
      registerHooks({ load: (url, context, next) => (url.startsWith('file:') && files.push(url), next(url, context)) });
      const before = new Set(process.moduleLoadList);
      await import(${JSON.stringify(specifier)});
      const builtins = process.moduleLoadList
        .filter((loaded) => !before.has(loaded))
        .map((loaded) => loaded.replace('NativeModule ', ''));
      const packages = files.flatMap((url) => /\\/node_modules\\/((?:@[^/]+\\/)?[^/]+)\\/(?!.*\\/node_modules\\/)/.exec(url)?.[1] ?? []);
      console.log(JSON.stringify({ packages: [...new Set(packages)], files: files.length, builtins }));`),
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
