import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import got from 'got';
import ky from 'ky';
import { expect, it, onTestFinished } from 'vitest';
import { gotAuth } from '../../../src/adapters/got.ts';
import { kyAuth } from '../../../src/adapters/ky.ts';
import { AuthDigest } from '../../../src/authenticators/digest.ts';

/** Fails twice before it gives an answer. */
async function startFailingServer() {
  const counts: (string | undefined)[] = [];
  const server = createServer(({ headers }, response) => {
    counts.push(/nc=(\w+)/.exec(headers.authorization ?? '')?.[1]);
    const status = headers.authorization === undefined ? 401 : counts.length < 4 ? 503 : 200;
    response.setHeader('www-authenticate', 'Digest realm="a", nonce="1", qop="auth"');
    response.writeHead(status).end('done');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { counts, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
}

const login = () => new AuthDigest({ username: 'ada', password: 'open sesame' });

it.each([
  [
    'got',
    (url: string) =>
      got
        .extend(gotAuth(login(), { origins: [new URL(url).origin] }))(url, {
          retry: { limit: 2, calculateDelay: ({ attemptCount }) => (attemptCount < 3 ? 1 : 0) },
        })
        .text(),
  ],
  [
    'ky',
    (url: string) =>
      ky
        .extend(kyAuth(login(), { origins: [new URL(url).origin] }))(url, { retry: { limit: 2, delay: () => 1 } })
        .text(),
  ],
] as const)('%s: each retry has a count of its own', async (_name, get) => {
  const { counts, url } = await startFailingServer();
  expect(await get(url)).toBe('done');
  expect(counts).toEqual([undefined, '00000001', '00000002', '00000003']);
});
