import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runNode } from './cells.mjs';
import { compilers, nodeTypes } from './versions.mjs';

/** How users have TypeScript find packages, and the module format that goes with it. */
const resolutions = { node16: 'node16', nodenext: 'nodenext', bundler: 'esnext', node10: 'commonjs' };

const strict = {
  target: 'es2022',
  lib: ['ES2023'],
  types: ['node'],
  strict: true,
  exactOptionalPropertyTypes: true,
  noEmit: true,
};

/**
 * Our declarations without TypeScript's DOM library and with `skipLibCheck: false`, and the README's snippets.
 *
 * @param {string} folder
 * @returns {import('./cells.mjs').Cell[]}
 */
export function typeCells(folder) {
  const project = join(folder, 'new', 'types');
  mkdirSync(project, { recursive: true });
  writePrograms(project, join(folder, 'new'));
  for (const major of Object.keys(nodeTypes)) linkTypes(folder, project, major);
  const grid = Object.keys(compilers).flatMap((compiler) =>
    Object.keys(resolutions)
      // TypeScript 7 has no node10 any more.
      .filter((resolution) => resolution !== 'node10' || compiler !== '7.0')
      .map((resolution) => ({ compiler, resolution, node: '24' })),
  );
  const older = ['5.4', '7.0'].flatMap((compiler) =>
    ['20', '22'].map((node) => ({ compiler, resolution: 'nodenext', node })),
  );
  return [...grid, ...older].map(({ compiler, resolution, node }) => ({
    name: `types: TypeScript ${compiler}, ${resolution}, @types/node ${node}`,
    run: () => compile(folder, project, compiler, resolution, node),
  }));
}

/**
 * @param {string} folder
 * @param {string} project
 * @param {string} compiler
 * @param {string} resolution
 * @param {string} node
 */
async function compile(folder, project, compiler, resolution, node) {
  const module = /** @type {Record<string, string>} */ (resolutions)[resolution];
  const shared = {
    ...strict,
    module,
    moduleResolution: resolution,
    typeRoots: [`./roots${node}`],
    ...(resolution === 'node10' && compiler === '6.0' && { ignoreDeprecations: '6.0' }),
    ...(resolution === 'node10' ? { esModuleInterop: true } : { verbatimModuleSyntax: true }),
  };
  const files =
    resolution.startsWith('node1') || resolution === 'nodenext' ? ['entries.mts', 'entries.cts'] : ['entries.mts'];
  const programs = [
    { name: 'entries', files, compilerOptions: { ...shared, skipLibCheck: false } },
    {
      name: 'readme',
      files: ['readme/*.mts'],
      compilerOptions: {
        ...shared,
        module: module === 'commonjs' ? 'esnext' : module,
        skipLibCheck: true,
        lib: ['ES2023', 'DOM', 'DOM.Iterable'],
      },
    },
  ];
  for (const { name, files: include, compilerOptions } of programs) {
    const config = join(project, `tsconfig.${compiler}-${resolution}-${node}-${name}.json`);
    writeFileSync(config, JSON.stringify({ compilerOptions, include }));
    const tsc = join(folder, `node_modules/typescript${compiler}/bin/tsc`);
    const problem = await runNode(process.execPath, [tsc, '-p', config, '--pretty', 'false'], {
      cwd: project,
      env: process.env,
    });
    if (problem === undefined) continue;
    const errors = problem.split('\n').filter((line) => line.includes(': error TS'));
    if (errors.length === 0) return problem;
    const ours = errors.filter((line) => isOurs(line, resolution));
    if (ours.length > 0) return ours.join('\n');
  }
  return undefined;
}

/**
 * Other packages' declarations have errors of their own, and got and ky cannot be found by node10 at all.
 *
 * @param {string} line
 * @param {string} resolution
 */
function isOurs(line, resolution) {
  if (resolution === 'node10' && /Cannot find module '(got|ky)'/.test(line)) return false;
  return !line.includes('node_modules/') || line.includes('node_modules/authwire/');
}

/**
 * @param {string} folder
 * @param {string} project
 * @param {string} major
 */
function linkTypes(folder, project, major) {
  const roots = join(project, `roots${major}`);
  mkdirSync(roots, { recursive: true });
  try {
    symlinkSync(join(folder, `node_modules/types-node${major}`), join(roots, 'node'), 'junction');
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
  }
}

/**
 * @param {string} project
 * @param {string} parent - Where the package is installed.
 */
function writePrograms(project, parent) {
  const installed = join(parent, 'node_modules/authwire');
  const manifest = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
  const entries = Object.keys(manifest.exports)
    .filter((entry) => entry !== './package.json')
    .map((entry) => entry.replace('.', 'authwire'));
  const names = entries.map((_, index) => `m${index}`).join(', ');
  const checks = `
    const api = fetchAuth(new AuthNone(), { fetch: undici.fetch });
    void api('/reports');
    // @ts-expect-error: a request, not a number
    void api(42);
    void fetch;`;
  writeFileSync(
    join(project, 'entries.mts'),
    `import { AuthNone } from 'authwire';
    import { fetchAuth } from 'authwire/fetch';
    import * as undici from 'undici';
    ${entries.map((entry, index) => `import * as m${index} from '${entry}';`).join('\n')}
    export { ${names} };
    ${checks}`,
  );
  writeFileSync(
    join(project, 'entries.cts'),
    `import core = require('authwire');
    import web = require('authwire/fetch');
    import undici = require('undici');
    ${entries.map((entry, index) => `import m${index} = require('${entry}');`).join('\n')}
    const { AuthNone } = core;
    const { fetchAuth } = web;
    void [${names}];
    ${checks}`,
  );
  mkdirSync(join(project, 'readme'), { recursive: true });
  const readme = readFileSync(join(installed, 'README.md'), 'utf8');
  for (const { index, 1: code } of readme.matchAll(/^```ts(?: runnable)?\n(.*?)^```$/gms)) {
    const line = readme.slice(0, index).split('\n').length;
    writeFileSync(join(project, 'readme', `line-${line}.mts`), `${code}\nexport {};\n`);
  }
}
