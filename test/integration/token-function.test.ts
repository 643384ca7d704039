import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import axios from 'axios';
import got from 'got';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AuthBearer } from '../../src/authenticators/bearer.ts';

/** A login server that cuts the connection as often as `cuts` says, and answers then. */
let server: Server;
let url: string;
let cuts: number;
let requests: number;

beforeEach(async () => {
  requests = 0;
  server = createServer((request, response) => {
    requests += 1;
    if (requests <= cuts) request.socket.resetAndDestroy();
    else response.end(JSON.stringify({ access_token: `t${requests}` }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

describe('a function of your own, whose server cuts the connection', () => {
  it.each([
    ['fetch', async () => (await fetch(url, { method: 'POST' })).json()],
    ['axios', async () => (await axios.post(url)).data],
    ['got', async () => got.post(url, { retry: { limit: 0 } }).json()],
  ])('is called again, with %s', async (_name, login) => {
    cuts = 2;
    const auth = new AuthBearer(login as () => Promise<{ access_token: string }>);
    expect(await auth.tokens.get()).toMatchObject({ accessToken: 't3' });
  });

  it('is called three times in all', async () => {
    cuts = 9;
    const auth = new AuthBearer(async () => (await fetch(url)).json() as Promise<{ access_token: string }>);
    await expect(auth.tokens.get()).rejects.toThrow();
    expect(requests).toBe(3);
  });

  it('is called once when it fails for another reason', async () => {
    let calls = 0;
    const auth = new AuthBearer(() => {
      calls += 1;
      throw new TypeError('answer.token is not a function');
    });
    await expect(auth.tokens.get()).rejects.toThrow();
    expect(calls).toBe(1);
  });
});
