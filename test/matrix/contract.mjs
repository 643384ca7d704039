import { globSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { runNode } from './cells.mjs';

const ALL = ['fetch', 'axios', 'ky', 'got', 'undici'];

/**
 * The contract's cases on every runtime: with all clients on each Node, with those that load on Deno and Bun, and with
 * fetch on Workers.
 *
 * @param {string} folder
 * @param {{ home: string, foreign: string }} servers
 * @returns {import('./cells.mjs').Cell[]}
 */
export function contractCells(folder, servers) {
  const env = { ...process.env, MATRIX_SERVERS: JSON.stringify(servers) };
  const cell = (
    /** @type {string} */ name,
    /** @type {string} */ executable,
    /** @type {string[]} */ parameters,
    clients = ALL,
    project = 'new',
  ) => ({
    name: `contract: ${name}, ${clients.join(', ')}`,
    run: () =>
      runNode(executable, [...parameters, 'contract/main.mjs', ...clients], { cwd: join(folder, project), env }),
  });
  const node = (/** @type {string} */ major, /** @type {string} */ project) =>
    cell(`Node ${major}`, join(folder, `node_modules/node${major}/bin/node`), [], ALL, project);
  return [
    node('20', 'old'),
    node('22', 'new'),
    node('24', 'new'),
    node('26', 'new'),
    cell('Deno', binary(folder, '@deno/*/deno'), ['run', '--allow-all', '--node-modules-dir=manual']),
    cell('Bun', binary(folder, '@oven/bun-*/bin/bun'), [], ['fetch', 'axios', 'ky', 'got']),
    { name: 'contract: Workers, fetch', run: () => runWorker(folder, servers) },
  ];
}

/**
 * A program that a package of its platform brings.
 *
 * @param {string} folder
 * @param {string} pattern
 */
function binary(folder, pattern) {
  return globSync(`node_modules/${pattern}`, { cwd: folder }).map((name) => join(folder, name))[0] ?? pattern;
}

/**
 * @param {string} folder
 * @param {{ home: string, foreign: string }} servers
 */
async function runWorker(folder, servers) {
  const project = join(folder, 'new');
  const require = createRequire(join(folder, 'package.json'));
  const { Miniflare } = await import(pathToFileURL(require.resolve('miniflare')).href);
  const { outputFiles } = await build({
    entryPoints: [join(project, 'contract/worker.mjs')],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    conditions: ['workerd', 'worker', 'browser'],
    logLevel: 'silent',
  });
  const worker = new Miniflare({
    modules: [{ type: 'ESModule', path: 'worker.mjs', contents: outputFiles[0]?.text ?? '' }],
    compatibilityDate: '2026-01-01',
    bindings: { SERVERS: JSON.stringify(servers) },
    host: '127.0.0.1',
    port: 0,
  });
  try {
    return await runCases(worker);
  } catch (error) {
    return String(error);
  } finally {
    await worker.dispose();
  }
}

/** @param {any} worker */
async function runCases(worker) {
  const ask = async (/** @type {Record<string, string>} */ query) => {
    const signal = AbortSignal.timeout(30_000);
    const response = await worker.dispatchFetch(`http://worker/?${new URLSearchParams(query)}`, { signal });
    return response.json();
  };
  const problems = [];
  for (const { name, steps } of await ask({})) {
    const queries =
      steps === 0 ? [{ case: name }] : Array.from({ length: steps }, (_, step) => ({ case: name, step: `${step}` }));
    for (const query of queries) {
      const { problem } = await ask(query).catch((error) => ({ problem: String(error) }));
      if (problem !== null) problems.push(`${name}: ${problem}`);
    }
  }
  return problems.length === 0 ? undefined : problems.join('\n');
}
