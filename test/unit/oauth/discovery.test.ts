import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { ConfigurationError } from '../../../src/errors.ts';
import { authorizationServer } from '../../../src/oauth/authorization-server.ts';
import { discovery } from '../../../src/oauth/discovery.ts';
import { clientCredentials } from '../../../src/oauth/grants/client-credentials.ts';
import { type Answer, type Endpoint, startEndpoint } from '../../helpers/endpoint.ts';
import { HandClock } from '../tokens/by-hand.ts';

const OIDC = '/.well-known/openid-configuration';
const RFC_8414 = '/.well-known/oauth-authorization-server';
const notFound: Answer = { status: 404, body: 'no' };

let server: Endpoint;
let issuer: string;
beforeAll(async () => {
  server = await startEndpoint();
  issuer = new URL(server.url).origin;
});
afterAll(() => server[Symbol.asyncDispose]());
beforeEach(() => {
  server.received.length = 0;
});

const metadata = (more = {}) => ({ issuer, token_endpoint: `${issuer}/t`, ...more });
const paths = () => server.received.map(({ path }) => path);

describe('discovery looks for the configuration', () => {
  it('behind the issuer first, then in the places of RFC 8414', async () => {
    server.answer(notFound, { json: metadata() });
    expect(await discovery(issuer)()).toMatchObject({ token_endpoint: `${issuer}/t` });
    expect(paths()).toEqual([OIDC, RFC_8414]);
  });

  it('of an issuer with a path in three places', async () => {
    server.answer(notFound);
    await expect(discovery(`${issuer}/tenant/a`)()).rejects.toMatchObject({ kind: 'http-status', status: 404 });
    expect(paths()).toEqual([`/tenant/a${OIDC}`, `${RFC_8414}/tenant/a`, `${OIDC}/tenant/a`]);
  });

  it.each<[string, Answer]>([
    ['a page for humans', { body: '<html>', headers: { 'content-type': 'text/html' } }],
    ['a redirect, which is not followed', { status: 302, headers: { location: '/elsewhere' } }],
    ['an answer beyond 1 MiB', { body: ' '.repeat(1024 * 1024 + 1) }],
    ['an OAuth error', { status: 400, json: { error: 'invalid_request' } }],
  ])('elsewhere when it finds %s', async (_name, answer) => {
    server.answer(answer, { json: metadata() });
    expect(await discovery(issuer)()).toMatchObject({ issuer });
    expect(paths()).toEqual([OIDC, RFC_8414]);
  });

  it.each<[string, Answer, object]>([
    [
      'a server in trouble',
      { status: 503, headers: { 'retry-after': '7' } },
      { status: 503, retryAt: expect.any(Number) },
    ],
    ['a server that is asked too often', { status: 429 }, { status: 429 }],
  ])('nowhere else when it finds %s', async (_name, answer, error) => {
    server.answer(answer, { json: metadata() });
    await expect(discovery(issuer, {}, 1)()).rejects.toMatchObject({ kind: 'http-status', ...error });
    expect(paths()).toEqual([OIDC]);
  });
});

describe('the issuer', () => {
  it.each([
    ['another server', () => 'https://evil.example'],
    ['one with a slash more', () => `${issuer}/`],
    ['one in other letters', () => issuer.toUpperCase()],
    ['nobody', () => undefined],
    ['no text', () => ['x']],
  ])('is compared as plain string: %s is refused at once', async (_name, said) => {
    server.answer({ json: metadata({ issuer: said() }) });
    const asked = discovery(issuer)();
    await expect(asked).rejects.toThrow(ConfigurationError);
    await expect(asked).rejects.toMatchObject({ option: 'issuer' });
    expect(paths()).toEqual([OIDC]);
  });

  it('that a server claims is not printed as it came', async () => {
    server.answer({ json: metadata({ issuer: '\u001b[31mred\u202e' }) });
    await expect(discovery(issuer)()).rejects.toThrow(/'\\u\{1b\}\[31mred\\u\{202e\}'/);
  });

  it.each([
    'http://as.example',
    'as.example',
    '',
    'https://u:p@as.example',
    'https://as.example?x=1',
    'https://as.example#',
  ])('cannot be %j', (wrong) => {
    expect(() => discovery(wrong)).toThrow(ConfigurationError);
    expect(() => discovery(wrong)).toThrow(expect.objectContaining({ option: 'issuer' }));
  });

  it('is text, because a URL object has lost how it was written', () => {
    const issuer = new URL('https://as.example') as unknown as string;
    expect(() => clientCredentials({ issuer, clientId: 'id' })).toThrow(/'issuer' must be text/);
  });
});

describe('a configuration', () => {
  it('is asked for once by everybody who waits', async () => {
    server.answer({ json: metadata() });
    const ask = discovery(issuer);
    await Promise.all([ask(), ask(), ask()]);
    expect(paths()).toEqual([OIDC]);
  });

  it.each([
    ['max-age=7200', 7_200_000],
    ['public, max-age=1', 60_000],
    ['max-age=99999999', 86_400_000],
    ['no-store', 60_000],
    ['', 3_600_000],
    ['max-age=soon', 3_600_000],
  ])('with Cache-Control %j is kept for %i ms', async (control, lifetimeMs) => {
    const clock = new HandClock();
    server.answer({ json: metadata(), headers: { 'cache-control': control } });
    const ask = discovery(issuer, { now: clock.now });
    await ask();
    clock.jump(lifetimeMs - 1);
    await ask();
    expect(paths()).toHaveLength(1);
    clock.jump(1);
    await ask();
    expect(paths()).toHaveLength(2);
  });

  it('that cannot be renewed goes on to count', async () => {
    const clock = new HandClock();
    server.answer({ json: metadata() }, { status: 500 });
    const ask = discovery(issuer, { now: clock.now });
    const first = await ask();
    clock.jump(3_600_000);
    expect(await ask()).toBe(first);
    expect(await ask()).toBe(first);
    expect(paths()).toHaveLength(2);
  });

  it('that has become another issuer counts no longer', async () => {
    const clock = new HandClock();
    server.answer({ json: metadata() }, { json: metadata({ issuer: 'https://evil.example' }) });
    const ask = discovery(issuer, { now: clock.now });
    await ask();
    clock.jump(3_600_000);
    await expect(ask()).rejects.toThrow(ConfigurationError);
  });

  it('has ten seconds', async () => {
    vi.useFakeTimers();
    const silent: typeof fetch = (_input, init) =>
      new Promise((_resolve, reject) => {
        init?.signal?.addEventListener('abort', () => reject(init.signal?.reason));
      });
    const asked = discovery(issuer, { fetch: silent })().catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(10_000);
    vi.useRealTimers();
    expect(await asked).toMatchObject({ kind: 'timeout' });
  });

  it('that failed is asked for again', async () => {
    server.answer({ status: 500 }, { json: metadata() });
    const ask = discovery(issuer, {}, 1);
    await expect(ask()).rejects.toThrow();
    expect(await ask()).toMatchObject({ issuer });
  });
});

describe('the endpoints of an issuer', () => {
  const endpointOf = (said: object, given = 'https://as.example', mtls = false) =>
    authorizationServer({ issuer: given }).endpoint({ issuer: given, ...said }, 'tokenEndpoint', mtls).href;

  it('may be of another origin', () => {
    expect(endpointOf({ token_endpoint: 'https://other.example/t' })).toBe('https://other.example/t');
  });

  it('have aliases for clients with a certificate', () => {
    const said = { token_endpoint: 'https://a/t', mtls_endpoint_aliases: { token_endpoint: 'https://m/t' } };
    expect([endpointOf(said), endpointOf(said, undefined, true)]).toEqual(['https://a/t', 'https://m/t']);
    expect(endpointOf({ token_endpoint: 'https://a/t' }, undefined, true)).toBe('https://a/t');
  });

  it.each([
    {},
    { token_endpoint: 7 },
    { token_endpoint: 'http://127.0.0.1/t' },
    { token_endpoint: 'http://a/t' },
    { token_endpoint: 'https://u:p@a/t' },
  ])('are refused: %j', (said) => {
    expect(() => endpointOf(said)).toThrow(ConfigurationError);
  });

  it('and its keys are held to the same', () => {
    const keysOf = (jwks_uri: unknown) =>
      authorizationServer({ issuer: 'https://as.example' }).keys({ issuer: 'https://as.example', jwks_uri } as never);
    expect(keysOf('https://other.example/k').href).toBe('https://other.example/k');
    for (const wrong of ['http://127.0.0.1/k', 'k', undefined]) expect(() => keysOf(wrong)).toThrow(ConfigurationError);
  });

  it('may be http where the issuer is, on this machine', () => {
    expect(endpointOf({ token_endpoint: 'http://[::1]/t' }, 'http://127.0.0.1')).toBe('http://[::1]/t');
    expect(() => endpointOf({ token_endpoint: 'http://a.example/t' }, 'http://127.0.0.1')).toThrow(ConfigurationError);
  });
});

describe('a server is given', () => {
  it('by its issuer or by its endpoints, not by both or neither', () => {
    const both = { issuer: 'https://as.example', tokenEndpoint: 'https://as.example/t' } as never;
    expect(() => authorizationServer(both)).toThrow(expect.objectContaining({ option: 'tokenEndpoint' }));
    expect(() => authorizationServer({} as never)).toThrow(expect.objectContaining({ option: 'issuer' }));
  });

  it('without an endpoint that is needed: the error names the option', async () => {
    const given = authorizationServer({ tokenEndpoint: 'https://as.example/t' });
    const known = await given.metadata();
    expect(() => given.endpoint(known, 'revocationEndpoint')).toThrow(/no revocation endpoint.*'revocationEndpoint'/);
  });
});
