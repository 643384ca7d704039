import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadBundlers } from './bundlers.mjs';
import { runNode } from './cells.mjs';

/** What `calls.cjs` does with an entry point, and the client that it needs. */
const clients = ['axios', 'got', 'ky', 'undici'];
const own = [...clients, 'fetch', 'node', 'logging'];

/**
 * Every entry point in every bundle, run in a folder that has nothing else.
 *
 * @param {string} folder
 * @param {string} origin
 * @returns {Promise<import('./cells.mjs').Cell[]>}
 */
export async function bundleCells(folder, origin) {
  const project = join(folder, 'new');
  const bundlers = await loadBundlers(folder);
  const manifest = JSON.parse(readFileSync(join(project, 'node_modules/authwire/package.json'), 'utf8'));
  const entries = Object.keys(manifest.exports).filter((entry) => entry !== './package.json');
  return entries.flatMap((entry) =>
    Object.entries(bundlers).flatMap(([bundler, build]) =>
      /** @type {const} */ (['esm', 'cjs']).map((format) => ({
        name: `${bundler} to ${format}, ${entry.replace('.', 'authwire')}`,
        run: async () => {
          const input = writeProgram(project, entry);
          const empty = mkdtempSync(join(tmpdir(), 'authwire-bundle-'));
          try {
            const output = join(empty, format === 'esm' ? 'main.mjs' : 'main.cjs');
            await build({ input, output, format });
            const env = { ...process.env, MATRIX_ORIGIN: origin };
            return await runNode(join(folder, 'node_modules/node24/bin/node'), [output], { cwd: empty, env });
          } catch (error) {
            return String(error);
          } finally {
            rmSync(empty, { recursive: true });
          }
        },
      })),
    ),
  );
}

/**
 * @param {string} project
 * @param {string} entry
 */
function writeProgram(project, entry) {
  const name = entry.slice('./'.length);
  const specifier = entry.replace('.', 'authwire');
  const loaded = ['authwire', 'authwire/fetch', specifier, ...clients.filter((client) => client === name)];
  const text = `
    import calls from '../calls.cjs';
    ${loaded.map((from, index) => `import * as m${index} from '${from}';`).join('\n')}
    const loaded = { ${loaded.map((from, index) => `'${from}': m${index}`).join(', ')} };
    calls.calls.${own.includes(name) ? name : 'other'}((from) => loaded[from], '${specifier}').then(
      (status) => { if (status !== 200) throw new Error('the server answered ' + status); },
    ).catch((error) => { console.error(error); process.exitCode = 1; });`;
  mkdirSync(join(project, 'bundled'), { recursive: true });
  const file = join(project, 'bundled', `${name || 'index'}.mjs`);
  writeFileSync(file, text);
  return file;
}
