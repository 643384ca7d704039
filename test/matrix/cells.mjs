import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { nodes } from './versions.mjs';

/** Clients that load with `require` as it was before Node could `require` an ES module; so do those in Jest. */
const COMMONJS = ['axios', 'fetch', 'undici'];
const ALL = ['axios', 'got', 'ky', 'fetch', 'undici'];

/** How users run their code: the arguments of Node, in a folder whose parent holds the tools. */
const loaders = {
  ESM: { clients: ALL, parameters: ['import.mjs'] },
  require: { clients: ALL, parameters: ['require.cjs'] },
  'ts-node': { clients: COMMONJS, parameters: ['-r', '../node_modules/ts-node/register', 'typed.ts'] },
  tsx: { clients: COMMONJS, parameters: ['--import', '../node_modules/tsx/dist/loader.mjs', 'typed.ts'] },
  'Jest 29': { clients: COMMONJS, parameters: ['../node_modules/jest29/bin/jest.js', '--rootDir=.', 'jest.test.js'] },
  'Jest 30': { clients: COMMONJS, parameters: ['../node_modules/jest30/bin/jest.js', '--rootDir=.', 'jest.test.js'] },
  vitest: { clients: ALL, parameters: ['../node_modules/vitest/vitest.mjs', 'run', '--root=.', 'vitest.spec.mjs'] },
};

/**
 * @typedef {object} Cell
 * @property {string} name
 * @property {() => Promise<string | undefined>} run - Resolves with what went wrong.
 */

/**
 * Every loader on every Node.
 *
 * @param {string} folder
 * @param {string} origin
 * @returns {Cell[]}
 */
export function loaderCells(folder, origin) {
  return Object.keys(nodes).flatMap((major) =>
    Object.entries(loaders).map(([loader, { clients, parameters }]) => ({
      name: `Node ${major}, ${loader}: ${clients.join(', ')}`,
      run: () =>
        runNode(join(folder, `node_modules/node${major}/bin/node`), parameters, {
          cwd: join(folder, major === '20' ? 'old' : 'new'),
          env: { ...process.env, MATRIX_ORIGIN: origin, MATRIX_CLIENTS: clients.join(',') },
        }),
    })),
  );
}

/**
 * @param {string} node
 * @param {readonly string[]} parameters
 * @param {{ cwd: string, env: NodeJS.ProcessEnv }} options
 * @returns {Promise<string | undefined>}
 */
export function runNode(node, parameters, options) {
  return new Promise((resolve) => {
    execFile(node, parameters, { ...options, timeout: 120_000 }, (error, stdout, stderr) => {
      resolve(error === null ? undefined : `${error.message}\n${stdout}\n${stderr}`);
    });
  });
}
