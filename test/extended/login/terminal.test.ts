import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { startAuthorizationServer } from '../../helpers/authorization-server.ts';

const PROGRAM = fileURLToPath(new URL('../../helpers/login/program.ts', import.meta.url));

/** Runs the program in a pseudo-terminal between two looks at the terminal's settings, and types when it asks. */
async function atTerminal(type: (said: string) => string): Promise<string> {
  const as = await startAuthorizationServer();
  const folder = await mkdtemp(join(tmpdir(), 'authwire-terminal-'));
  const program = `${process.execPath} ${PROGRAM} ${as.issuer} ${folder}/tokens ${folder}/log terminal`;
  // The shell must outlive a Ctrl-C that is meant for the program.
  const command = `trap : INT; stty -a | tail -n +2; ${program}; echo "status $?"; stty -a | tail -n +2`;
  const child = spawn('script', ['-qec', command, '/dev/null'], { env: { ...process.env, TERM: 'xterm' } });
  let said = '';
  let typed = false;
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    said += chunk;
    if (typed || !said.includes('Press Enter for a new link')) return;
    typed = true;
    child.stdin.write(type(said));
  });
  await new Promise((resolve) => child.once('close', resolve));
  await as.close();
  await rm(folder, { recursive: true });
  return said;
}

it('Ctrl-C ends the program, and leaves the terminal as it was', async () => {
  const said = await atTerminal(() => '\u0003');
  expect(said).toMatch(/status (?:130|[^0])/);
  const [before, after] = said.split(/To sign in[\s\S]*status \d+\r?\n/);
  expect(after?.trim()).toBe(before?.trim());
});

it('a pasted address is not shown, and may be longer than a line of a terminal', async () => {
  const said = await atTerminal((text) => {
    const state = /state=([\w-]+)/.exec(text)?.[1];
    return `http://127.0.0.1:1/cb?state=${state}&error=${'x'.repeat(5000)}PASTED\r`;
  });
  expect(said).toMatch(/status [^0]/);
  expect(said.split('status')[0]).not.toContain('cb?state=');
});
