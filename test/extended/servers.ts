/**
 * Starts the servers of the extended tests, says which, and stops them, each by its own pid.
 */

import type { TestProject } from 'vitest/node';
import { type Glewlwyd, startGlewlwyd } from './glewlwyd/server.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    glewlwyd: Glewlwyd;
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { pid, version, stop, ...glewlwyd } = await startGlewlwyd();
  project.provide('glewlwyd', glewlwyd);
  say(`${version} runs at ${glewlwyd.origin} (pid ${pid})`);
  return async () => {
    await stop();
    say(`${version} has stopped (pid ${pid})`);
  };
}

function say(what: string): void {
  process.stdout.write(`extended: ${what}\n`);
}
