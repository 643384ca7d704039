import { describe, expect, it } from 'vitest';
import { fetchAuth } from '../../../src/adapters/fetch.ts';
import { AuthBasic } from '../../../src/authenticators/basic.ts';
import { AuthByChallenge } from '../../../src/authenticators/by-challenge.ts';
import { AuthByOrigin } from '../../../src/authenticators/by-origin.ts';
import { AuthDigest, type AuthDigestOptions } from '../../../src/authenticators/digest.ts';
import { type DigestServer, type DigestServerOptions, startDigestServer } from '../../helpers/digest-server.ts';

const LOGIN = { username: 'ada', password: 'open sesame' };

const ways = {
  'by challenge': (digest: AuthDigest) => new AuthByChallenge({ digest, basic: new AuthBasic(LOGIN) }),
  'by origin': (digest: AuthDigest, origin: string) => new AuthByOrigin({ [origin]: digest }),
  'by both': (digest: AuthDigest, origin: string) =>
    new AuthByOrigin({ [origin]: new AuthByChallenge({ digest, basic: new AuthBasic(LOGIN) }) }),
};
const refusals = ({ hits }: DigestServer) => hits.map(({ refusal }) => refusal);

describe.each(Object.entries(ways))('chosen %s', (_name, choose) => {
  async function setUp(options?: DigestServerOptions, auth: Partial<AuthDigestOptions> = {}) {
    const server = await startDigestServer(options);
    const send = fetchAuth(choose(new AuthDigest({ ...LOGIN, ...auth }), server.origin), { origins: [server.origin] });
    const get = async (path = '/', init?: RequestInit) => {
      const response = await send(server.url(path), init);
      await response.text();
      return response.status;
    };
    const burst = (calls: number) => Promise.all(Array.from({ length: calls }, (_, i) => get(`/${i}`)));
    return { server, get, burst };
  }

  it('takes one round trip once the server is known', async () => {
    const { server, get } = await setUp();
    for (const path of ['/a', '/b', '/c']) expect(await get(path)).toBe(200);
    expect(refusals(server)).toEqual(['no answer', undefined, undefined, undefined]);
  });

  it('repeats once what had a stale nonce', async () => {
    const { server, get } = await setUp();
    await get('/a');
    server.expireNonces();
    expect(await get('/b')).toBe(200);
    expect(refusals(server)).toEqual(['no answer', undefined, 'stale nonce', undefined]);
  });

  it('gets by with nonces that are good for one use, also at the same time', async () => {
    const { server, burst, get } = await setUp({ nonceUses: 1 });
    expect(new Set(await burst(50))).toEqual(new Set([200]));
    expect(server.hits).toHaveLength(100);
    expect(new Set(await burst(50))).toEqual(new Set([200]));
    expect(server.hits).toHaveLength(200);
    expect(await get()).toBe(200);
  });

  it('signs bodies, and checks proofs', async () => {
    const { server, get } = await setUp({ qop: 'auth-int' }, { strict: true });
    const init = { method: 'POST', body: 'text' };
    expect([await get('/a', init), await get('/b', init)]).toEqual([200, 200]);
    expect(refusals(server)).toEqual(['no answer', undefined, undefined]);
    server.options = { qop: 'auth-int', proof: 'wrong' };
    await expect(get('/c', init)).rejects.toThrow(/wrong proof/);
  });

  it('ends with a wrong password after two requests', async () => {
    const { server, get } = await setUp({ password: 'another' });
    expect(await get()).toBe(401);
    expect(refusals(server)).toEqual(['no answer', 'wrong response']);
  });

  it('ends after three where every nonce is stale', async () => {
    const { server, get } = await setUp({ nonceUses: 0 });
    expect(await get()).toBe(401);
    expect(server.hits.length).toBeLessThanOrEqual(3);
  });

  it('signs each hop of a redirect', async () => {
    const { server, get } = await setUp();
    await get('/first');
    expect(await get(`/go?to=${encodeURIComponent('/landing')}`)).toBe(200);
    expect(server.hits.map(({ params }) => params.nc)).toEqual([undefined, '00000001', '00000002', '00000003']);
  });
});
