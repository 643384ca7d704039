import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileLayer } from '../config/file-layer.ts';
import { readProjectFile, statedFiles } from '../config/files.ts';
import { loadConfig } from '../config/load.ts';
import { distrust, trust } from '../config/trust.ts';
import { ConfigurationError } from '../errors.ts';
import { say } from './output.ts';

const ACTIONS = ['init', 'edit', 'trust'] as const;

/** What `authwire config` does to files. */
export type FileAction = (typeof ACTIONS)[number];

/** Options of these. */
export interface FileOptions {
  /** The project's file, in place of the user's. */
  readonly project?: boolean;
  readonly revoke?: boolean;
}

const OWN = `# Profiles of authwire. Secrets may also be { env = "NAME" }, { file = "path" } or { command = ["pass", "show", "api"] }.

# profile = "example"                   # the one in use; without it: default

# [profiles.example]
# authType = "AuthPkce"                 # a person signs in: authwire login example
# url = "https://api.example.com"       # the only origin that gets the credential
# issuer = "https://login.example.com"
# oauth2ClientId = "my-cli"
# scope = "openid offline_access"
`;
const PROJECT = `# What this project says to authwire. It may hold no secret of yours, and is restricted until you run: authwire config trust

# profile = "example"
`;

export function isFileAction(action: string): action is FileAction {
  return (ACTIONS as readonly string[]).includes(action);
}

/**
 * Makes, edits or trusts a file.
 *
 * @returns Whether it can be used.
 * @throws {@link ConfigurationError} where that cannot be done.
 */
export async function changeFiles(action: FileAction, options: FileOptions): Promise<boolean> {
  if (action === 'trust') return trustProject(options.revoke === true);
  const file = fileOf(options);
  if (action === 'init') {
    make(file, options);
    process.stdout.write(`${file}\n`);
    return true;
  }
  if (!existsSync(file)) make(file, options);
  await edit(file);
  // Errors name file and line.
  loadConfig({ onWarning: (message) => say('config', `warning: ${message}`) });
  return true;
}

function fileOf({ project = false }: FileOptions): string {
  const kind = project ? 'project' : 'user';
  const found = statedFiles(process.cwd(), process.env).find((file) => file.kind === kind);
  if (found !== undefined) return found.path;
  throw new ConfigurationError('AUTHWIRE_CONFIG names the file of this project as your own: edit that.');
}

function make(file: string, { project = false }: FileOptions): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  try {
    writeFileSync(file, project ? PROJECT : OWN, { flag: 'wx', mode: 0o600 });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const why = code === 'EEXIST' ? 'is there already: authwire config edit' : `cannot be written: ${code}.`;
    throw new ConfigurationError(`${file} ${why}`, { cause });
  }
}

/** The editor as git takes it, but without a shell. */
async function edit(file: string): Promise<void> {
  const named = process.env.VISUAL || process.env.EDITOR || defaultEditor();
  const [program = '', ...args] = named.trim().split(/\s+/);
  const child = spawn(program, [...args, file], { stdio: 'inherit' });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', (cause) => {
      reject(new ConfigurationError(`the editor ${program} could not be started: set VISUAL or EDITOR.`, { cause }));
    });
    child.once('exit', resolve);
  });
  if (code !== 0) throw new ConfigurationError(`the editor ${program} failed, so nothing was checked.`);
}

/** @throws {@link ConfigurationError} where `vi` would wait for nobody. */
function defaultEditor(): string {
  if (process.platform === 'win32') return 'notepad';
  if (process.stdin.isTTY && process.stdout.isTTY) return 'vi';
  throw new ConfigurationError('there is no terminal for an editor: set VISUAL or EDITOR.');
}

function trustProject(isRevoked: boolean): boolean {
  const { path, text } = readProjectFile(process.cwd());
  if (isRevoked) {
    say('config', distrust(path, process.env) ? `${path} is trusted no more` : `${path} was not trusted`);
    return true;
  }
  if (text === undefined) throw new ConfigurationError(`${path}: no such file.`);
  const { profiles } = fileLayer({ kind: 'trusted', path, text }, process.env);
  trust(path, text, process.env);
  say('config', `${path} is trusted until it changes. It says:`);
  for (const [name, entries] of profiles) process.stderr.write(`  ${name}: ${[...entries.keys()].join(', ')}\n`);
  return true;
}
