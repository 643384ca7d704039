/**
 * Starts the servers of the extended tests, says which, and stops them, each by its own pid.
 */

import type { ProvidedContext } from 'vitest';
import type { TestProject } from 'vitest/node';
import { startApache } from './apache/server.ts';
import { startGlewlwyd } from './glewlwyd/server.ts';
import { startHttpbin } from './httpbin/server.ts';
import { startKeystone } from './keystone/server.ts';
import { startLighttpd } from './lighttpd/server.ts';
import type { RunningServer } from './server-process.ts';
import { startSquidBasic, startSquidDigest } from './squid/server.ts';

type Start<Server> = () => Promise<Server & RunningServer>;

const SERVERS: { readonly [Name in keyof ProvidedContext]: Start<ProvidedContext[Name]> } = {
  apache: startApache,
  glewlwyd: startGlewlwyd,
  httpbin: startHttpbin,
  keystone: startKeystone,
  lighttpd: startLighttpd,
  squidBasic: startSquidBasic,
  squidDigest: startSquidDigest,
};

/** Where Debian keeps servers, and only root's PATH looks. */
const SERVERS_FOLDER = '/usr/sbin';

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  process.env.PATH = `${process.env.PATH}:${SERVERS_FOLDER}`;
  const running: RunningServer[] = [];
  const stopAll = async () => {
    for (const { version, pid, stop } of running.splice(0)) {
      await stop();
      say(`${version} has stopped (pid ${pid})`);
    }
  };
  try {
    for (const [name, start] of Object.entries(SERVERS)) {
      const server = await start();
      running.push(server);
      const { pid, version, stop: _, ...provided } = server;
      project.provide(name as keyof ProvidedContext, provided);
      say(`${version} runs at ${server.origin} (pid ${pid})`);
    }
  } catch (error) {
    await stopAll();
    throw error;
  }
  return stopAll;
}

function say(what: string): void {
  process.stdout.write(`extended: ${what}\n`);
}
