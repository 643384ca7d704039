import type { Socket } from 'node:net';
import { Agent, getGlobalDispatcher, setGlobalDispatcher } from 'undici';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { fetchAuth } from '../../../src/adapters/fetch.ts';
import { undiciAuth } from '../../../src/adapters/undici.ts';
import { AuthOAuth2 } from '../../../src/authenticators/oauth2.ts';
import { isAuthError } from '../../../src/errors.ts';
import { authorizationCode } from '../../../src/oauth/grants/authorization-code.ts';
import { clientCredentials } from '../../../src/oauth/grants/client-credentials.ts';
import { deviceAuthorization } from '../../../src/oauth/grants/device-authorization.ts';
import { refreshToken } from '../../../src/oauth/grants/refresh-token.ts';
import { startEndpoint, startRawServer } from '../../helpers/endpoint.ts';
import { leaks } from '../../helpers/leaks.ts';
import { answer, endless, JSON_TYPE, raw, type Talk } from './vectors/vector.ts';

const SECRETS = { clientSecret: 'hostile-client-secret', accessToken: 'hostile-access-token' };
const BASIC = Buffer.from(`id:${SECRETS.clientSecret}`).toString('base64');
const common = { clientId: 'id', clientSecret: SECRETS.clientSecret };
const token = { accessToken: SECRETS.accessToken, tokenType: 'Bearer' };
const DEADLINE_MS = 200;
/** How much later than its deadline a caller may hear of it, in milliseconds. */
const LATE_MS = 250;

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const idToken = `${part({ alg: 'ES256', kid: 'k' })}.${part({ sub: 'ada' })}.${part({})}`;

/** A server whose answers are good, but for those at one path. */
async function startServer(hostilePath: string, hostile: Talk): Promise<string> {
  const server = await startRawServer((socket: Socket, request) => {
    const path = /^\w+ (\/[^ ?]*)/.exec(request)?.[1] ?? '';
    if (path.includes(hostilePath)) return hostile(socket, request);
    const metadata = {
      issuer,
      token_endpoint: `${issuer}/token`,
      authorization_endpoint: `${issuer}/authorize`,
      pushed_authorization_request_endpoint: `${issuer}/par`,
      device_authorization_endpoint: `${issuer}/device`,
      introspection_endpoint: `${issuer}/introspect`,
      revocation_endpoint: `${issuer}/revoke`,
      jwks_uri: `${issuer}/jwks`,
      require_pushed_authorization_requests: hostilePath === '/par',
      id_token_signing_alg_values_supported: ['ES256'],
    };
    const body = path.startsWith('/.well-known/') ? metadata : { access_token: 't', id_token: idToken };
    return answer('200 OK', [JSON_TYPE], JSON.stringify(body))(socket, request);
  });
  onTestFinished(() => server[Symbol.asyncDispose]());
  const issuer = new URL(server.url).origin;
  return issuer;
}

type Call = (issuer: string, signal: AbortSignal) => Promise<unknown>;

const login = (issuer: string, scope: string) =>
  authorizationCode({
    issuer,
    scope,
    ...common,
    redirectUri: 'http://127.0.0.1/cb',
    authorize: async ({ url }) => ({ code: 'c', state: url.searchParams.get('state') ?? '' }),
  });

const calls: [string, string, Call][] = [
  [
    'its configuration',
    '/.well-known/',
    (issuer, signal) => clientCredentials({ issuer, ...common }).requestToken({ signal }),
  ],
  [
    'a device code',
    '/device',
    (issuer, signal) =>
      deviceAuthorization({ issuer, ...common, show: () => expect.unreachable() }).requestToken({ signal }),
  ],
  ['a pushed request', '/par', (issuer, signal) => login(issuer, 'read').requestToken({ signal })],
  ['its keys', '/jwks', (issuer, signal) => login(issuer, 'openid').requestToken({ signal })],
  ['a revocation', '/revoke', (issuer, signal) => clientCredentials({ issuer, ...common }).revoke(token, signal)],
  [
    'an introspection',
    '/introspect',
    (issuer, signal) => clientCredentials({ issuer, ...common }).introspect(token, signal),
  ],
];

const caught = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.unreachable('it was answered'),
    (error: unknown) => error,
  );

describe.each(calls)('a server that is asked for %s', (_what, path, call) => {
  async function failure(talk: Talk, signal = new AbortController().signal): Promise<unknown> {
    const error = await caught(call(await startServer(path, talk), signal));
    expect(error).toSatisfy(isAuthError);
    expect(leaks(error, SECRETS.clientSecret, SECRETS.accessToken, BASIC)).toEqual([]);
    return error;
  }

  it('and answers without end, is not read to the end', async () => {
    await failure(endless);
  });

  it('and redirects, is not followed', async () => {
    await using trap = await startEndpoint({ json: { active: true, keys: [], request_uri: 'x' } });
    await failure(answer('307 X', [`location: ${trap.url}`]));
    expect(trap.received).toEqual([]);
  });

  it.each<[string, Talk]>([
    ['instead of HTTP', (socket, request) => raw(request)(socket, request)],
    [
      'as an error',
      (socket, request) => {
        answer('401 X', [JSON_TYPE], JSON.stringify({ error: request, error_description: request }))(socket, request);
      },
    ],
  ])('and says back %s what it was sent, tells nobody else', async (_where, talk) => {
    await failure(talk);
  });

  it('and hangs, is given up at the deadline', async () => {
    const controller = new AbortController();
    const pending = failure(() => undefined, controller.signal);
    // A timer of the test's own, so that a slow machine delays both alike.
    await new Promise((resolve) => setTimeout(resolve, DEADLINE_MS));
    controller.abort();
    const due = performance.now();
    await pending;
    expect(performance.now() - due).toBeLessThan(LATE_MS);
  });
});

describe('a refresh token', () => {
  it.each<[string, Talk]>([
    ['no answer', raw()],
    ['half an answer', raw('HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{"access_token":"t","refresh_to')],
    ['a reset', (socket) => void socket.resetAndDestroy()],
  ])('for which there came %s is not sent again at once: it may have been replaced', async (_what, talk) => {
    const forms: string[] = [];
    await using server = await startRawServer((socket, request) => {
      forms.push(request.slice(request.indexOf('\r\n\r\n') + 4));
      talk(socket, request);
    });
    const source = refreshToken({ tokenEndpoint: server.url, ...common, refreshToken: 'hostile-refresh-token' });
    const auth = new AuthOAuth2(source, { random: (bytes) => new Uint8Array(bytes).fill(255) });
    for (const call of [() => auth.tokens.get(), () => auth.tokens.get()]) {
      const error = await caught(call() as Promise<unknown>);
      expect(error).toMatchObject({ kind: 'network' });
      expect(leaks(error, 'hostile-refresh-token')).toEqual([]);
    }
    expect(forms).toEqual(['grant_type=refresh_token&refresh_token=hostile-refresh-token']);
  });
});

describe('a token request that goes through the client that it serves', () => {
  const dispatcher = getGlobalDispatcher();
  afterEach(() => setGlobalDispatcher(dispatcher));

  it.each<[string, (auth: AuthOAuth2, origin: string) => typeof fetch]>([
    ["as the grant's own fetch", (auth, origin) => fetchAuth(auth, { baseUrl: origin })],
    [
      'as the global dispatcher',
      (auth, origin) => {
        const agent = new Agent();
        onTestFinished(() => agent.destroy());
        setGlobalDispatcher(agent.compose(undiciAuth(auth, { origins: [origin] })));
        return globalThis.fetch;
      },
    ],
  ])('%s fails at once, and says what is wrong', async (_how, install) => {
    await using server = await startEndpoint({ json: { access_token: 't' } });
    let client: typeof fetch = () => expect.unreachable();
    const source = clientCredentials({ tokenEndpoint: server.url, ...common, fetch: (...args) => client(...args) });
    const auth = new AuthOAuth2(source, { deadlineMs: DEADLINE_MS });
    client = install(auth, new URL(server.url).origin);

    const error = await caught(auth.tokens.get() as Promise<unknown>);

    expect(error).toMatchObject({
      code: 'ERR_AUTH_CREDENTIAL',
      message: expect.stringContaining('the client that it serves'),
    });
    expect(server.received).toEqual([]);
  });
});
