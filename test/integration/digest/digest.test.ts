import { describe, expect, it } from 'vitest';
import { AuthDigest, type AuthDigestOptions } from '../../../src/authenticators/digest.ts';
import { ChallengeError } from '../../../src/errors.ts';
import { type Client, type ClientDriver, drivers } from '../../helpers/clients.ts';
import { type DigestServer, type DigestServerOptions, startDigestServer } from '../../helpers/digest-server.ts';
import { authErrorOf, bound, outcome } from '../contract/fixture.ts';

const LOGIN = { username: 'ada', password: 'open sesame' };

async function setUp(driver: ClientDriver, options?: DigestServerOptions, auth: Partial<AuthDigestOptions> = {}) {
  const server = await startDigestServer(options);
  const send: Client = driver.create(new AuthDigest({ ...LOGIN, ...auth }), bound(server));
  const get = (path: string, more = {}) => outcome(driver, send({ url: server.url(path), ...more }));
  return { server, send, get };
}

const refusals = ({ hits }: DigestServer) => hits.map(({ refusal }) => refusal);
const counts = ({ hits }: DigestServer) => hits.map(({ params }) => params.nc);

/** What is special in paths and queries somewhere: to the URL standard, to a client, or to Digest. */
const TARGETS = [
  '/plain',
  '/a%20b/%2F/%c3%a9?q=%2Fa&b=c%20d&e=%e2%82%ac',
  "/it's?quote='&list[]=1&b={}&c=a|b^c`d",
  '/?',
  '/x?a=1,2;3&b=:@/?$&c=!*()~',
  String.raw`/back?slash=\&tilde=~`,
  '/dots/./and/../more//slashes',
  '/fragment?x=1#not-sent',
  '/plus?a+b=c+d&empty=&&',
];

describe.each(drivers)('$name', (driver) => {
  it('learns a nonce from its first request, and takes one round trip from then on', async () => {
    const { server, get } = await setUp(driver);
    for (const path of ['/a', '/b', '/c']) expect((await get(path)).status).toBe(200);
    expect(refusals(server)).toEqual(['no answer', undefined, undefined, undefined]);
    expect(counts(server)).toEqual([undefined, '00000001', '00000002', '00000003']);
  });

  it.each(TARGETS)('signs %s as it is sent', async (path) => {
    const { server, get } = await setUp(driver);
    const statuses = [(await get(path)).status, (await get(path)).status];
    expect(refusals(server)).toEqual(['no answer', undefined, undefined]);
    expect(statuses).toEqual([200, 200]);
  });

  it.each([
    { algorithms: ['SHA-256'], qop: 'auth-int' },
    { algorithms: ['MD5-sess'], qop: 'auth' },
    { algorithms: [undefined], qop: undefined },
    { algorithms: ['MD5', 'SHA-512-256-sess', 'SHA-256'], qop: 'auth,auth-int', extra: 'userhash=true' },
  ])('sends a body to a server that wants %o', async (options) => {
    const { server, get } = await setUp(driver, options);
    const request = { method: 'POST', json: { 'gr\u00fc\u00df': '\u{1f600}' } };
    if (driver.capabilities.replaysBodies) expect((await get('/upload', request)).status).toBe(200);
    else await get('/first');
    const { status, error } = await get('/upload', request);
    if (!driver.capabilities.replaysBodies && options.qop === 'auth-int') {
      expect(authErrorOf(error)).toBeInstanceOf(ChallengeError);
      return;
    }
    expect(status).toBe(200);
    expect(refusals(server)).toEqual(['no answer', undefined, undefined]);
    expect(server.hits.at(-1)?.body).toBe(JSON.stringify(request.json));
  });

  it('hashes a realm in UTF-8 byte for byte', async () => {
    const { server, get } = await setUp(driver, { realm: 'Z\u00fcrich \u{1f600}' });
    expect((await get('/x')).status).toBe(200);
    expect(refusals(server)).toEqual(['no answer', undefined]);
  });

  it('repeats once, and silently, what had a stale nonce', async () => {
    const { server, get } = await setUp(driver);
    await get('/a');
    server.expireNonces();
    expect((await get('/b')).status).toBe(200);
    expect((await get('/c')).status).toBe(200);
    expect(refusals(server).slice(2)).toEqual(['stale nonce', undefined, undefined]);
  });

  it('hands the refusal of a wrong password on, after two requests', async () => {
    const { server, get } = await setUp(driver, { password: 'another' });
    const { status, text } = await get('/a');
    expect(status).toBe(401);
    expect(text).toBe('refused');
    expect(refusals(server)).toEqual(['no answer', 'wrong response']);
    expect((await get('/a')).status).toBe(401);
    expect(server.hits).toHaveLength(3);
  });

  it.each([302, 307])('signs the hops of a %i for themselves', async (as) => {
    const { server, get } = await setUp(driver);
    await get('/first');
    const path = `/go?as=${as}&to=${encodeURIComponent('/landing?x=1')}`;
    expect((await get(path)).status).toBe(200);
    expect(refusals(server)).toEqual(['no answer', undefined, undefined, undefined]);
    expect(server.hits.at(-1)).toMatchObject({ url: '/landing?x=1', status: 200 });
  });

  it('answers a challenge that waits behind a redirect', async () => {
    const { server, get } = await setUp(driver, { open: ['/go'] });
    const path = `/go?to=${encodeURIComponent('/landing?x=1')}`;
    expect((await get(path)).status).toBe(200);
    expect((await get(path)).status).toBe(200);
    const landed = server.hits.filter(({ url }) => url === '/landing?x=1');
    expect(landed.map(({ refusal }) => refusal)).toEqual(['no answer', undefined, undefined]);
  });

  it('signs a body that a redirect takes along', async () => {
    const { server, get } = await setUp(driver, { qop: 'auth-int' });
    await get('/first');
    const path = `/go?as=307&to=${encodeURIComponent('/landing')}`;
    const { status, error } = await get(path, { method: 'POST', json: { a: 1 } });
    if (!driver.capabilities.replaysBodies) {
      expect(authErrorOf(error)).toBeInstanceOf(ChallengeError);
      return;
    }
    const late = driver.capabilities.signsHopsLate;
    expect(status).toBe(late ? 200 : 401);
    expect(refusals(server)).toEqual(['no answer', undefined, undefined, late ? undefined : 'no answer']);
    expect(server.hits.at(-1)).toMatchObject({ url: '/landing', body: '{"a":1}' });
  });

  it('gets through a burst of first calls with two requests for each', async () => {
    const { server, get } = await setUp(driver);
    const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => get(`/${i}`)));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(server.hits).toHaveLength(100);
    expect((await get('/afterwards')).status).toBe(200);
    expect(server.hits).toHaveLength(101);
  });

  it('counts up without a gap for calls at the same time', async () => {
    const { server, get } = await setUp(driver);
    await get('/first');
    await Promise.all(Array.from({ length: 50 }, (_, i) => get(`/${i}`)));
    const used = server.hits.flatMap(({ params }) => (params.nc === undefined ? [] : [Number.parseInt(params.nc, 16)]));
    expect(used.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 51 }, (_, i) => i + 1));
    expect(new Set(server.hits.map(({ params }) => params.nonce)).size).toBe(2);
    expect(refusals(server).slice(1)).toEqual(Array(51).fill(undefined));
  });

  it('costs each of many calls one repeat when their nonce goes stale', async () => {
    const { server, get } = await setUp(driver);
    await get('/first');
    server.expireNonces();
    const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => get(`/${i}`)));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(server.hits.length).toBeLessThanOrEqual(2 + 100);
  });
});
