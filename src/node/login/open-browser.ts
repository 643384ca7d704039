import { spawn } from 'node:child_process';
import type { Situation } from './environment.ts';

/** Opens an address in a browser. Rejects where that fails at once; a browser that fails later says nothing. */
export type OpenBrowser = (url: string) => Promise<void>;

/** A browser as the situation has one; `undefined`: there is none. */
export function browserOpener({ browser }: Situation): OpenBrowser | undefined {
  if (browser === 'none') return undefined;
  return browser === 'system' ? openSystem : (url) => openCommand(browser.command, url);
}

/** The address is one of ours: `http://127.0.0.1:PORT/…`, or https. It goes to no shell. */
async function openSystem(url: string): Promise<void> {
  const { default: open } = await import('open');
  await started(await open(url));
}

/** `BROWSER` is a list with colons, in which `%s` stands for the address. Only its first entry is used. */
async function openCommand(command: string, url: string): Promise<void> {
  const first = process.platform === 'win32' ? command : (command.split(':')[0] as string);
  const words = first.trim().split(/\s+/);
  const hasPlace = words.some((word) => word.includes('%s'));
  const [program = '', ...rest] = words.map((word) => word.replaceAll('%s', () => url));
  const child = spawn(program, hasPlace ? rest : [...rest, url], {
    detached: true,
    stdio: 'ignore',
    windowsHide: true,
  });
  child.unref();
  await started(child);
}

function started(child: ReturnType<typeof spawn>): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    if (child.pid !== undefined) child.once('spawn', () => resolve());
    // It was spawned before anybody could listen.
    if (child.pid !== undefined) setImmediate(resolve);
  });
}
