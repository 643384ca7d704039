import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { drivers } from '../../helpers/clients.ts';
import { deferred } from '../../helpers/deferred.ts';
import { echo, guarded, type Responder, refuse, slowBody } from '../../helpers/protected-api.ts';
import { outcome, setUp, setUpExpired } from './fixture.ts';

const small = [
  { size: 'no body', bodyBytes: 0 },
  { size: '20 kB', bodyBytes: 20_000 },
];
const sizes: readonly { readonly size: string; readonly bodyBytes: number; readonly chunked?: boolean }[] = [
  ...small,
  { size: '20 kB in chunks', bodyBytes: 20_000, chunked: true },
  { size: '70 kB', bodyBytes: 70_000 },
  { size: '70 kB in chunks', bodyBytes: 70_000, chunked: true },
  { size: '2 MB', bodyBytes: 2_000_000 },
];

describe.each(drivers)('$name', (driver) => {
  it.each(sizes)('does not hang on the only connection after a 401 with $size', async ({ bodyBytes, chunked }) => {
    const { api, issuer, send } = await setUpExpired(driver, { connections: 1 });
    api.on('/guarded', guarded(echo(), refuse({ bodyBytes, chunked: chunked === true })));

    for (let round = 1; round <= 5; round += 1) {
      issuer.expire();
      expect((await outcome(driver, send({ url: api.url('/guarded') }))).status).toBe(200);
    }

    expect(api.hits).toHaveLength(10);
    expect(issuer.requests).toBe(6);
  });

  it.each(small)('sends again on the same connection after a 401 with $size', async ({ bodyBytes }) => {
    const { api, issuer, send } = await setUpExpired(driver, { connections: 1 });
    api.on('/guarded', guarded(echo(), refuse({ bodyBytes })));

    for (let round = 1; round <= 3; round += 1) {
      issuer.expire();
      await outcome(driver, send({ url: api.url('/guarded') }));
    }

    expect(new Set(api.hits.map((hit) => hit.connection)).size).toBe(1);
  });

  it('does not hang on the only connection when uploads are refused', async () => {
    const { api, issuer, send } = await setUpExpired(driver, { connections: 1 });
    const expected = driver.capabilities.replaysBodies ? 200 : 401;

    for (let round = 1; round <= 3; round += 1) {
      issuer.expire();
      const request = { method: 'POST', url: api.url('/upload'), body: Buffer.alloc(200_000, 1) };
      expect((await outcome(driver, send(request))).status).toBe(expected);
    }
  });

  it('gives an answer whose body comes slowly as it comes', async () => {
    const { api, send } = await setUp(driver);
    const gate = deferred();
    api.on('/slow', slowBody(gate.promise, 'one half, other half'));
    const call = outcome(driver, send({ url: api.url('/slow') }));
    await api.arrived(1);
    gate.resolve();

    expect(await call).toMatchObject({ status: 200, text: 'one half, other half' });
  });

  it.each([
    ['a small one', { bytes: 5 }],
    ['a small one, compressed', { bytes: 5, headers: { 'content-encoding': 'gzip' } }],
    ['a small one that announces more', { bytes: 5, headers: { 'content-length': '1000' } }],
    ['a large one', { bytes: 100_000 }],
    ['one of 10 MB', { bytes: 100_000, headers: { 'content-length': '10000000' } }],
  ])('does not wait for the rest of a refused body that never ends: %s', async (_size, refusal) => {
    const { api, send } = await setUpExpired(driver);
    api.on('/endless', guarded(echo(), endlessRefusal(refusal)));

    const { status, error } = await outcome(driver, send({ url: api.url('/endless'), timeoutMs: 1000 }));

    if (driver.capabilities.leavesRefusedBodies) expect(status).toBe(200);
    else expect(error).toBeDefined();
  });
});

/** A 401 whose body begins and never comes to its end. */
function endlessRefusal({ bytes, headers }: { bytes: number; headers?: Readonly<Record<string, string>> }): Responder {
  return ({ response }) => {
    response.writeHead(401, { 'www-authenticate': 'Bearer', 'content-type': 'text/plain', ...headers });
    const body = Buffer.alloc(bytes, 'r');
    response.write(headers?.['content-encoding'] === 'gzip' ? gzipSync(body).subarray(0, -8) : body);
  };
}
