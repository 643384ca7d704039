import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { loadConfig } from '../../../src/config/load.ts';

/** A folder of its own for each test, with real files in it. */
export interface Folder extends Disposable {
  readonly path: string;
  /** The path of a file that is written; only its owner may read it. */
  write(name: string, content: string | Uint8Array, mode?: number): string;
  /** The user's file, the project's file and the environment, as a machine has them. */
  load(layers: Layers): ReturnType<typeof loadConfig>;
}

export interface Layers extends Omit<NonNullable<Parameters<typeof loadConfig>[0]>, 'directory'> {
  readonly user?: string;
  readonly project?: string;
}

export function folder(): Folder {
  const path = mkdtempSync(join(tmpdir(), 'authwire-config-'));
  const write: Folder['write'] = (name, content, mode = 0o600) => {
    const file = join(path, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    chmodSync(file, mode);
    return file;
  };
  return {
    path,
    write,
    load({ user, project, env, ...options }) {
      if (user !== undefined) write('home/.config/authwire/config.toml', user);
      if (project !== undefined) write('project/.authwire.toml', project);
      const directory = join(path, 'project');
      return loadConfig({ directory, env: { HOME: join(path, 'home'), ...env }, ...options });
    },
    [Symbol.dispose]: () => rmSync(path, { recursive: true }),
  };
}

/** The message of what an action throws. */
export function messageOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return (error as Error).message;
  }
  return 'nothing was thrown';
}
