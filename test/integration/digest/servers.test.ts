import { describe, expect, it } from 'vitest';
import { fetchAuth } from '../../../src/adapters/fetch.ts';
import { AuthDigest, type AuthDigestOptions } from '../../../src/authenticators/digest.ts';
import { ChallengeError } from '../../../src/errors.ts';
import { webStream } from '../../helpers/clients/fetch.ts';
import { type DigestServer, type DigestServerOptions, startDigestServer } from '../../helpers/digest-server.ts';
import { refuse, startProtectedApi } from '../../helpers/protected-api.ts';

const LOGIN = { username: 'ada', password: 'open sesame' };

async function setUp(options?: DigestServerOptions, auth: Partial<AuthDigestOptions> = {}) {
  const server = await startDigestServer(options);
  const send = fetchAuth(new AuthDigest({ ...LOGIN, ...auth }), { origins: [server.origin] });
  const get = async (path = '/', init?: RequestInit) => {
    const response = await send(server.url(path), init);
    await response.text();
    return response.status;
  };
  const burst = (calls: number) => Promise.all(Array.from({ length: calls }, (_, i) => get(`/${i}`)));
  return { server, send, get, burst };
}

const refusals = ({ hits }: DigestServer) => hits.map(({ refusal }) => refusal);

describe('nonces', () => {
  it('takes the next one from each answer, and none of one round trip more', async () => {
    const { server, get } = await setUp({ nonceUses: 1, nextNonce: true });
    for (const path of ['/a', '/b', '/c', '/d']) expect(await get(path)).toBe(200);
    expect(refusals(server)).toEqual(['no answer', undefined, undefined, undefined, undefined]);
    expect(new Set(server.hits.slice(1).map(({ params }) => params.nonce)).size).toBe(4);
  });

  it('gets by with nonces that are good for one use, also at the same time', async () => {
    const { server, get, burst } = await setUp({ nonceUses: 1 });
    expect(new Set(await burst(50))).toEqual(new Set([200]));
    expect(server.hits).toHaveLength(100);
    expect(new Set(await burst(50))).toEqual(new Set([200]));
    expect(server.hits).toHaveLength(200);
    expect(await get()).toBe(200);
  });

  it('takes a next nonce of its own for each call at the same time', async () => {
    const { server, burst } = await setUp({ nonceUses: 1, nextNonce: true });
    for (let round = 0; round < 3; round += 1) expect(new Set(await burst(20))).toEqual(new Set([200]));
    expect(server.hits).toHaveLength(40 + 20 + 20);
  });

  it.each([3, 7])('that are good for %i uses cost one repeat each', async (nonceUses) => {
    const { server, burst } = await setUp({ nonceUses });
    for (let round = 0; round < 4; round += 1) expect(new Set(await burst(20))).toEqual(new Set([200]));
    expect(server.hits.length).toBeLessThanOrEqual(160);
  });

  it('satisfies a server that takes no count out of order', async () => {
    const { server, burst } = await setUp({ nc: 'gapless' });
    for (let round = 0; round < 4; round += 1) expect(new Set(await burst(30))).toEqual(new Set([200]));
    expect(server.hits.length).toBeLessThanOrEqual(240);
  });

  it('repeats once for servers that forget to say that a nonce was stale', async () => {
    const { server, get } = await setUp({ silent: true });
    await get();
    server.expireNonces();
    expect(await get()).toBe(200);
    expect(refusals(server)).toEqual(['no answer', undefined, 'stale nonce', undefined]);
  });

  it('gives up after three requests where every nonce is stale', async () => {
    const { server, get } = await setUp({ nonceUses: 0 });
    expect(await get()).toBe(401);
    expect(refusals(server)).toEqual(['no answer', 'stale nonce', 'stale nonce']);
  });
});

describe('passwords', () => {
  it('are asked for anew once one was refused', async () => {
    const passwords = ['an old one', 'an old one', 'open sesame'];
    const { server, get } = await setUp({}, { password: async () => passwords.shift() ?? 'open sesame' });
    expect(await get()).toBe(401);
    expect(await get()).toBe(200);
    expect(refusals(server)).toEqual(['no answer', 'wrong response', undefined]);
  });

  it('that change at the server are not tried again and again', async () => {
    const { server, get } = await setUp();
    await get();
    server.options = { password: 'changed' };
    expect(await get()).toBe(401);
    expect(await get()).toBe(401);
    expect(refusals(server).slice(2)).toEqual(Array(3).fill('wrong response'));
  });
});

describe('algorithms', () => {
  const offers = ['MD5', 'MD5-sess', 'SHA-256', 'SHA-256-sess', 'SHA-512-256', 'SHA-512-256-sess', undefined];
  const qops = ['auth', 'auth-int', 'auth,auth-int', undefined];
  it.each(offers.flatMap((algorithm) => qops.map((qop) => ({ algorithm, qop }))))('%o', async ({ algorithm, qop }) => {
    const { server, get } = await setUp({ algorithms: [algorithm], qop }, { strict: true });
    const body = 'gr\u00fc\u00df';
    for (const init of [undefined, { method: 'POST', body }]) expect(await get('/x', init)).toBe(200);
    expect(refusals(server)).toEqual(['no answer', undefined, undefined]);
  });

  it('answers the strongest of several', async () => {
    const { server, get } = await setUp({ algorithms: ['MD5', 'SHA-256', 'MD5-sess'] });
    expect(await get()).toBe(200);
    expect(server.hits.at(-1)?.params.algorithm).toBe('SHA-256');
  });

  it('does not come down from what a realm has accepted', async () => {
    const { server, get } = await setUp({ algorithms: ['MD5', 'SHA-256'] });
    await get();
    server.options = { algorithms: ['MD5'] };
    server.expireNonces();
    expect(await get()).toBe(401);
    expect(server.hits.some(({ params }) => params.algorithm === 'MD5')).toBe(false);
  });

  it('never uses MD5 where that is forbidden', async () => {
    const { server, get } = await setUp({ algorithms: ['MD5', undefined] }, { allowMd5: false });
    expect(await get()).toBe(401);
    expect(refusals(server)).toEqual(['no answer']);
  });

  it('names a user beyond ASCII as the server wants it', async () => {
    const login = { username: 'J\u00e4s\u00f8n Doe', password: 'Secr\u00ebt' };
    for (const options of [
      { algorithms: ['MD5'] },
      { algorithms: ['MD5'], extra: 'charset="UTF-8"' },
      { algorithms: ['SHA-512-256'], extra: 'userhash=true, charset=UTF-8' },
      { algorithms: ['SHA-256'] },
    ]) {
      const { server, get } = await setUp({ ...login, ...options }, login);
      expect(await get()).toBe(200);
      expect(refusals(server)).toEqual(['no answer', undefined]);
    }
  });
});

describe('strict', () => {
  it.each(['wrong', 'none', 'of another request', 'of another count'] as const)(
    'refuses an answer whose proof is %s',
    async (proof) => {
      const { get } = await setUp({ proof }, { strict: true });
      await expect(get()).rejects.toThrow(ChallengeError);
    },
  );

  it.each([200, 302])('refuses the %i of somebody who asks for no proof', async (as) => {
    const { get } = await setUp({ open: ['/go', '/'] }, { strict: true });
    await expect(get(as === 200 ? '/' : '/go?to=/')).rejects.toThrow(ChallengeError);
  });

  it('lets errors be that bring no proof', async () => {
    const { server, get } = await setUp({ open: ['/go'] }, { strict: true });
    expect(await get('/go?as=404&to=/')).toBe(404);
    expect(await get('/guarded')).toBe(200);
    server.options = { password: 'changed' };
    expect(await get('/guarded')).toBe(401);
  });

  it('is off unless it is asked for', async () => {
    const { get } = await setUp({ proof: 'wrong' });
    expect(await get()).toBe(200);
  });
});

describe('bodies that can be read only once', () => {
  const stream = () => ({ method: 'POST', body: webStream(['a', 'b']) as BodyInit, duplex: 'half' as const });

  it('meet an unavoidable 401 with the first request, and get through with the next', async () => {
    const { server, get } = await setUp();
    expect(await get('/x', stream())).toBe(401);
    expect(await get('/x', stream())).toBe(200);
    expect(server.hits.map(({ body, status }) => [body, status])).toEqual([
      ['ab', 401],
      ['ab', 200],
    ]);
  });

  it('are refused before they are sent where the server wants them signed', async () => {
    const { server, get } = await setUp({ qop: 'auth-int' });
    await get();
    await expect(get('/x', stream())).rejects.toThrow(/qop=auth-int.*give text or bytes/);
    expect(server.hits).toHaveLength(2);
  });

  it('go unsigned where the server lets us choose', async () => {
    const { server, get } = await setUp({ qop: 'auth, auth-int' }, { qop: 'auth-int' });
    await get();
    expect(await get('/x', stream())).toBe(200);
    expect(await get('/x', { method: 'PUT', body: 'text' })).toBe(200);
    expect(server.hits.map(({ params }) => params.qop)).toEqual([undefined, 'auth-int', 'auth', 'auth-int']);
  });

  it('are signed where a Request holds them', async () => {
    const { server, send } = await setUp({ qop: 'auth-int' });
    for (let call = 0; call < 2; call += 1) {
      const response = await send(new Request(server.url('/x'), { method: 'POST', body: 'held' }));
      expect([response.status, await response.text()]).toEqual([200, 'POST held']);
    }
    expect(refusals(server)).toEqual(['no answer', undefined, undefined]);
  });
});

it('is never talked down to Basic', async () => {
  const api = await startProtectedApi();
  api.on('/x', refuse({ challenge: 'Basic realm="a realm"' }));
  const response = await fetchAuth(new AuthDigest(LOGIN), { origins: [api.origin] })(api.url('/x'));
  expect(response.status).toBe(401);
  expect(api.hits.map(({ headers }) => headers.authorization)).toEqual([undefined]);
  await api.close();
});
