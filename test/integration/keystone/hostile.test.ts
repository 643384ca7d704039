import { describe, expect, it, onTestFinished } from 'vitest';
import { AuthOpenStack, type AuthOpenStackOptions } from '../../../src/authenticators/openstack.ts';
import { isAuthError, MultiFactorRequiredError } from '../../../src/errors.ts';
import { textFilter } from '../../../src/logging/text-filter.ts';
import { reveal } from '../../../src/secret.ts';
import { startEndpoint, startRawServer } from '../../helpers/endpoint.ts';
import { leaks } from '../../helpers/leaks.ts';
import { answer, endless, HTML_TYPE, JSON_TYPE, NOW, raw, type Talk, TEN_YEARS_MS } from '../oauth/vectors/vector.ts';

const PASSWORD = 'hostile-keystone-password';
const TOKEN = 'hostile-keystone-token';
const DEADLINE_MS = 200;
/** How much later than its deadline a caller may hear of it, in milliseconds. */
const LATE_MS = 250;

const ada = { userId: 'ada', password: PASSWORD } as const;

async function start(talk: Talk): Promise<string> {
  const server = await startRawServer(talk);
  onTestFinished(() => server[Symbol.asyncDispose]());
  return new URL(server.url).origin;
}

function login(authUrl: string, options: Partial<AuthOpenStackOptions> = {}): AuthOpenStack {
  return new AuthOpenStack({ authUrl, ...ada, now: () => NOW, monotonic: () => NOW, ...options });
}

const created = (body: unknown, ...headers: readonly string[]): Talk => {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return answer('201 Created', [JSON_TYPE, ...headers], text);
};
const subject = (token: string = TOKEN) => `x-subject-token: ${token}`;

async function failure(call: PromiseLike<unknown> | unknown): Promise<Error> {
  const error = await Promise.resolve(call).then(
    () => expect.unreachable('it was answered'),
    (thrown: unknown) => thrown,
  );
  expect(error).toSatisfy(isAuthError);
  expect(leaks(error, PASSWORD, TOKEN)).toEqual([]);
  return error as Error;
}

describe('a Keystone that is asked for a token', () => {
  it.each<[string, Talk, object]>([
    ['gives none', created({ token: {} }), { kind: 'malformed', message: expect.stringMatching(/X-Subject-Token/) }],
    ['gives an empty one', created({ token: {} }, subject('')), { kind: 'malformed' }],
    ['gives one with a blank', created({ token: {} }, subject('a b')), { kind: 'malformed' }],
    ['gives one beyond ASCII', created({ token: {} }, subject('t\u00e9')), { kind: 'malformed' }],
    ['gives two', created({ token: {} }, subject(), subject('other')), { kind: 'malformed' }],
    ['gives one with a control character', created({ token: {} }, subject('a\u0001b')), {}],
    ['says nothing about it', created({}, subject()), { kind: 'malformed' }],
    ['says null about it', created({ token: null }, subject()), { kind: 'malformed' }],
    ['says it in a prototype', created('{"__proto__": {"token": {}}}', subject()), { kind: 'malformed' }],
    ['gives it in HTML', answer('201 X', [HTML_TYPE, subject()], '<p>token</p>'), { kind: 'malformed' }],
    ['gives it in a list', created([{ token: {} }], subject()), { kind: 'malformed' }],
    ['gives it in broken JSON', created('{"token": {', subject()), { kind: 'malformed' }],
    ['gives it with status 500', answer('500 X', [JSON_TYPE, subject()], '{"token": {}}'), { status: 500 }],
    ['gives it with status 300', answer('300 X', [JSON_TYPE, subject()], '{"token": {}}'), { status: 300 }],
    ['answers without end', endless, { kind: 'malformed', message: expect.stringMatching(/larger than 1 MiB/) }],
    ['breaks off', raw('HTTP/1.1 201 Created\r\ncontent-length: 99\r\n\r\n{"token":'), { kind: 'network' }],
    ['hangs up', (socket) => void socket.resetAndDestroy(), { kind: 'network' }],
    ['says back what it got', (socket, request) => raw(request)(socket, request), { kind: 'network' }],
    [
      'says back what it got as an error',
      (socket, request) =>
        answer('400 X', [JSON_TYPE], JSON.stringify({ error: { message: request } }))(socket, request),
      { status: 400, errorDescription: expect.stringContaining('*****') },
    ],
    ['gives an error that is a list', answer('403 X', [JSON_TYPE], '{"error": [{"message": "x"}]}'), { status: 403 }],
    ['wants us to come later', answer('429 X', ['retry-after: 60'], ''), { status: 429, retryAt: NOW + 60_000 }],
  ])('and %s, gives none', async (_name, talk, about) => {
    const auth = login(`${await start(talk)}/v3`);
    expect(await failure(auth.tokens.get())).toMatchObject({ code: 'ERR_AUTH_TOKEN_ENDPOINT', ...about });
  });

  it.each(['301 X', '302 X', '303 X', '307 X', '308 X'])('and redirects with %s, is not followed', async (status) => {
    await using trap = await startEndpoint({ status: 201, json: { token: {} }, headers: { 'x-subject-token': TOKEN } });
    const auth = login(`${await start(answer(status, [`location: ${trap.url}`]))}/v3`);
    expect((await failure(auth.tokens.get())).message).toMatch(/never followed: option 'authUrl'/);
    expect(trap.received).toEqual([]);
  });

  it.each([
    ['a login', '/v3'],
    ['version discovery', ''],
  ])('and hangs at %s, is given up at the deadline', async (_at, path) => {
    const auth = login((await start(() => undefined)) + path, { deadlineMs: DEADLINE_MS });
    const pending = failure(auth.tokens.get());
    // A timer of the test's own, so that a slow machine delays both alike.
    await new Promise((resolve) => setTimeout(resolve, DEADLINE_MS));
    const due = performance.now();
    expect(await pending).toMatchObject({ kind: 'timeout', message: expect.stringContaining('deadlineMs') });
    expect(performance.now() - due).toBeLessThan(LATE_MS);
  });

  it.each<[string, string, number | undefined]>([
    ['as Keystone writes it', '"2026-11-22T13:00:00.000000Z"', NOW + 3_600_000],
    ['without a zone', '"2026-11-22T13:00:00"', NOW + 3_600_000],
    ['in the year 9999', '"9999-12-31T23:59:59Z"', NOW + TEN_YEARS_MS],
    ['that is over', '"2020-01-01T00:00:00Z"', undefined],
    ['as a number of seconds', String(NOW / 1000 + 60), NOW + 60_000],
    ['as a huge number', '1e400', undefined],
    ['as rubbish', '"tomorrow"', undefined],
    ['as an object', '{"at": 5}', undefined],
    ['as null', 'null', undefined],
  ])('and says its end %s', async (_name, json, expiresAt) => {
    const auth = login(`${await start(created(`{"token": {"expires_at": ${json}}}`, subject()))}/v3`);
    expect(await auth.tokens.get()).toMatchObject({ accessToken: TOKEN });
    expect((await auth.tokens.get()).expiresAt).toBe(expiresAt);
  });
});

describe('a receipt', () => {
  const receipt = (body: string, header = 'openstack-auth-receipt: a-receipt-of-keystone') =>
    answer('401 X', [JSON_TYPE, header, 'www-authenticate: Keystone uri="x"'], body);

  it.each<[string, string, object]>([
    [
      'that says all',
      '{"receipt": {"methods": ["password"], "expires_at": "2026-11-22T12:05:00Z"}, "required_auth_methods": [["password", "totp"], ["token"]]}',
      { methods: ['password'], requiredMethods: [['password', 'totp'], ['token']], expiresAt: NOW + 300_000 },
    ],
    ['without a body', '', { methods: [], requiredMethods: [], expiresAt: undefined }],
    [
      'with rubbish',
      '{"receipt": 5, "required_auth_methods": [5, ["totp", {}, null, "\\u0007"], "x"]}',
      { methods: [], requiredMethods: [[], ['totp', '\\u{7}'], []], expiresAt: undefined },
    ],
  ])('%s is a typed error', async (_name, body, about) => {
    const auth = login(`${await start(receipt(body))}/v3`);
    const error = await failure(auth.tokens.get());
    expect(error).toBeInstanceOf(MultiFactorRequiredError);
    expect(error).toMatchObject({ code: 'ERR_AUTH_MULTI_FACTOR_REQUIRED', ...about });
    expect(reveal((error as MultiFactorRequiredError).receipt)).toBe('a-receipt-of-keystone');
    expect(leaks(error, 'a-receipt-of-keystone')).toEqual([]);
    expect(textFilter.mask('log: a-receipt-of-keystone')).toBe('log: *****');
  });

  it.each([
    ['cannot be one', receipt('{}', 'openstack-auth-receipt: a b')],
    ['comes with another status', answer('403 X', ['openstack-auth-receipt: r'], '{}')],
  ])('that %s is none', async (_name, talk) => {
    const auth = login(`${await start(talk)}/v3`);
    expect(await failure(auth.tokens.get())).toMatchObject({ code: 'ERR_AUTH_TOKEN_ENDPOINT' });
  });

  it('is remembered: nobody is asked again at once', async () => {
    let requests = 0;
    const auth = login(
      `${await start((socket, request) => {
        requests += 1;
        receipt('{}')(socket, request);
      })}/v3`,
    );
    await failure(auth.tokens.get());
    await failure(auth.tokens.get());
    expect(requests).toBe(1);
  });
});

describe('version discovery', () => {
  const versions = (...values: object[]) => JSON.stringify({ versions: { values } });
  const version = (id: string, href: unknown) => ({ id, status: 'stable', links: [{ rel: 'self', href }] });

  /** A server whose root answers with `talk`, and which logs in wherever it is asked. */
  async function discovering(talk: Talk) {
    const paths: string[] = [];
    const origin = await start((socket, request) => {
      const [method, path = ''] = request.split(' ');
      paths.push(`${method} ${path}`);
      return method === 'GET' ? talk(socket, request) : created({ token: {} }, subject())(socket, request);
    });
    return { origin, paths };
  }

  it.each<[string, string, string, string]>([
    ['300 with a path', '300 X', versions(version('v2.0', '/v2.0'), version('v3.14', '/identity/v3/')), '/identity/v3'],
    ['200 with a relative path', '200 OK', versions(version('v3.0', 'v3')), '/id/v3'],
    ['200 with one version', '200 OK', JSON.stringify({ version: version('v3.14', '/v3') }), '/v3'],
  ])('by %s finds the API', async (_name, status, body, path) => {
    const { origin, paths } = await discovering(answer(status, [JSON_TYPE], body));
    const auth = login(`${origin}/id/`);
    await auth.tokens.get();
    await auth.tokens.renew(await auth.tokens.get());
    expect(paths).toEqual(['GET /id/', `POST ${path}/auth/tokens`, `POST ${path}/auth/tokens`]);
  });

  it.each<[string, Talk, RegExp]>([
    [
      'names no version at another host',
      answer('300 X', [JSON_TYPE], versions(version('v3', 'https://evil.example/login'))),
      /'https:\/\/evil\.example\/login'/,
    ],
    ['names what is no URL', answer('300 X', [JSON_TYPE], versions(version('v3', 'https://['))), /authUrl/],
    ['names version 2 only', answer('300 X', [JSON_TYPE], versions(version('v2.0', '/v2.0'))), /no API of version 3/],
    ['names it without a link', answer('300 X', [JSON_TYPE], versions({ id: 'v3', links: {} })), /no API of version 3/],
    ['names nothing', answer('200 OK', [JSON_TYPE], '{}'), /no API of version 3/],
    ['is HTML', answer('200 OK', [HTML_TYPE], '<p>v3</p>'), /not a JSON object/],
    ['is HTML with 300', answer('300 X', [HTML_TYPE], '<p>v3</p>'), /no API of version 3/],
    ['has no end', endless, /larger than 1 MiB/],
    ['is not there', answer('404 X', [HTML_TYPE], ''), /authUrl/],
  ])('that %s, sends nobody a password', async (_name, talk, message) => {
    const { origin, paths } = await discovering(talk);
    expect((await failure(login(origin).tokens.get())).message).toMatch(message);
    expect(paths).toEqual(['GET /']);
  });

  // keystoneauth1, discover.py, _combine_relative_url: the scheme and host of version documents are often wrong, because
  // Keystone's option public_endpoint or a proxy says so.
  it.each<[string, (host: string) => string, string]>([
    ['another scheme', (host) => `https://${host}/identity/v3/`, '/identity/v3'],
    ['another host', () => 'http://trap.example/identity/v3/', '/id/v3'],
    ['another host and scheme', () => 'https://10.0.0.5:5000/v3.14', '/id/v3.14'],
    ['another host without a scheme', () => '//trap.example/v3', '/id/v3'],
  ])('that names %s, stays at the stated origin', async (_name, href, path) => {
    const talk: Talk = (socket, request) => {
      const host = /^host: (.*)$/im.exec(request)?.[1]?.trim() ?? '';
      return answer('300 X', [JSON_TYPE], versions(version('v3.14', href(host))))(socket, request);
    };
    const { origin, paths } = await discovering(talk);
    await login(`${origin}/id`).tokens.get();
    expect(paths).toEqual(['GET /id/', `POST ${path}/auth/tokens`]);
  });

  it('that names another port, sends the other port nothing', async () => {
    await using trap = await startEndpoint({ status: 201, json: { token: {} }, headers: { 'x-subject-token': TOKEN } });
    const { origin, paths } = await discovering(
      answer('300 X', [JSON_TYPE], versions(version('v3', new URL('/v3', trap.url).href))),
    );
    await login(origin).tokens.get();
    expect(trap.received).toEqual([]);
    expect(paths).toEqual(['GET /', 'POST /v3/auth/tokens']);
  });

  it.each(['/v3/auth/tokens', '/id/v3/auth/tokens/'])('is not needed where the user pastes %s', async (path) => {
    const { origin, paths } = await discovering(answer('300 X', [JSON_TYPE], versions()));
    await login(origin + path).tokens.get();
    expect(paths).toEqual([`POST ${path.replace(/\/$/, '')}`]);
  });

  it('that redirects, sends nobody a password', async () => {
    await using trap = await startEndpoint({ json: { version: version('v3', '/v3') } });
    const { origin, paths } = await discovering(answer('302 X', [`location: ${trap.url}`]));
    expect((await failure(login(origin).tokens.get())).message).toMatch(/never followed/);
    expect([...trap.received, ...paths]).toEqual(['GET /']);
  });

  it('that failed is tried again at the next login', async () => {
    let calls = 0;
    const { origin } = await discovering((socket, request) => {
      calls += 1;
      const body = versions(version('v3', '/v3'));
      return answer(calls === 1 ? '400 X' : '300 X', [JSON_TYPE], body)(socket, request);
    });
    const auth = login(origin);
    await failure(auth.tokens.get());
    expect(await auth.tokens.login()).toMatchObject({ accessToken: TOKEN });
  });

  it('outlives a fault that passes', async () => {
    let calls = 0;
    const { origin } = await discovering((socket, request) => {
      calls += 1;
      const body = versions(version('v3', '/v3'));
      return answer(calls === 1 ? '503 X' : '300 X', [JSON_TYPE], body)(socket, request);
    });
    expect(await login(origin).tokens.get()).toMatchObject({ accessToken: TOKEN });
    expect(calls).toBe(2);
  });
});
