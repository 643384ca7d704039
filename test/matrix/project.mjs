import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { clients, tools } from './versions.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const programs = fileURLToPath(new URL('programs', import.meta.url));

/**
 * Makes an empty folder outside the repository, with the packed package in it as a user would install it: beside the tools in
 * the folder itself, and beside older and newer clients in `old` and `new`.
 *
 * @returns {string} The folder.
 */
export function createProject() {
  const folder = mkdtempSync(join(tmpdir(), 'authwire-matrix-'));
  npm(root, 'pack', '--silent', '--pack-destination', folder);
  const tarball = join(folder, readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '');
  install(folder, tools);
  for (const [name, versions] of Object.entries(clients)) {
    const project = join(folder, name);
    mkdirSync(project);
    install(project, { ...versions, authwire: `file:${tarball}` });
    cpSync(programs, project, { recursive: true });
  }
  return folder;
}

/**
 * @param {string} folder
 * @param {Record<string, string>} dependencies
 */
function install(folder, dependencies) {
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies }));
  npm(folder, 'install', '--no-audit', '--no-fund', '--prefer-offline', '--silent', '--ignore-scripts');
}

/**
 * @param {string} cwd
 * @param {...string} parameters
 */
function npm(cwd, ...parameters) {
  execFileSync('npm', parameters, { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
}
