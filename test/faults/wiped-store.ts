import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const LIFE_MS = 1000;

/** What the processes and the token endpoint saw. */
export interface WipedCounts {
  /** What each process got, by round. */
  readonly answers: readonly (readonly string[])[];
  readonly requests: number;
  /** Refresh tokens that came again: each would end the login. */
  readonly reused: readonly string[];
}

/** Lets processes share a login with a rotating refresh token, and removes their store between the rounds. */
export async function wipedStore(processes: number, rounds: number): Promise<WipedCounts> {
  const endpoint = await startEndpoint();
  const home = await mkdtemp(join(tmpdir(), 'authwire-wiped-'));
  const folder = join(home, 'tokens');
  const workers = await Promise.all(Array.from({ length: processes }, () => start(folder, endpoint.origin)));
  const answers: string[][] = [];
  try {
    for (let round = 0; round < rounds; round += 1) {
      answers.push(await Promise.all(workers.map(ask)));
      await rm(folder, { recursive: true });
      await wait(LIFE_MS);
    }
  } finally {
    for (const worker of workers) worker.kill();
    await Promise.all([rm(home, { recursive: true, force: true }), endpoint.close()]);
  }
  return { answers, requests: endpoint.requests(), reused: endpoint.reused };
}

async function start(folder: string, origin: string): Promise<ChildProcess> {
  const worker = fork(new URL('wiped-store-worker.ts', import.meta.url), [folder, origin]);
  await once(worker, 'message');
  return worker;
}

async function ask(worker: ChildProcess): Promise<string> {
  const answered = once(worker, 'message');
  worker.send('get');
  const [answer] = await answered;
  return answer as string;
}

/** Rotates, and notices what comes twice. */
async function startEndpoint() {
  const reused: string[] = [];
  const spent = new Set<string>();
  let issued = 1;
  let requests = 0;
  const server = createServer(async (request, response) => {
    requests += 1;
    let body = '';
    for await (const chunk of request) body += chunk;
    const given = new URLSearchParams(body).get('refresh_token') ?? '';
    const isGood = given === `refresh-${issued}`;
    if (spent.has(given)) reused.push(given);
    spent.add(given);
    if (isGood) issued += 1;
    const token = { access_token: `access-${issued}`, token_type: 'Bearer', refresh_token: `refresh-${issued}` };
    response.writeHead(isGood ? 200 : 400, { 'content-type': 'application/json' });
    response.end(JSON.stringify(isGood ? { ...token, expires_in: LIFE_MS / 1000 } : { error: 'invalid_grant' }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    reused,
    requests: () => requests,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
