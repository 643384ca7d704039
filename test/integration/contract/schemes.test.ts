import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AuthApiKey } from '../../../src/authenticators/api-key.ts';
import { AuthBasic } from '../../../src/authenticators/basic.ts';
import { AuthBearer } from '../../../src/authenticators/bearer.ts';
import { AuthForward } from '../../../src/authenticators/forward.ts';
import { AuthJwt } from '../../../src/authenticators/jwt.ts';
import { AuthNone } from '../../../src/authenticators/none.ts';
import { AuthOAuth2 } from '../../../src/authenticators/oauth2.ts';
import { AuthQuery } from '../../../src/authenticators/query.ts';
import { AuthToken } from '../../../src/authenticators/token.ts';
import type { Authenticator } from '../../../src/lifecycle/contract.ts';
import { clientCredentials } from '../../../src/oauth/grants/client-credentials.ts';
import { resourceOwnerPassword } from '../../../src/oauth/grants/resource-owner-password.ts';
import {
  type AuthorizationServer,
  clientSecrets,
  startAuthorizationServer,
} from '../../helpers/authorization-server.ts';
import { drivers } from '../../helpers/clients.ts';
import type { Hit, Responder } from '../../helpers/protected-api.ts';
import { bound, outcome, testApi } from './fixture.ts';

const jwt = `${btoa('{"alg":"none"}')}.${btoa('{"sub":"ada"}')}.`.replaceAll('=', '');

interface Scheme {
  readonly name: string;
  readonly auth: () => Authenticator;
  /** What of the request has to hold the credential. */
  readonly shows: (hit: Hit) => unknown;
  readonly credential: unknown;
}

const fixed: readonly Scheme[] = [
  {
    name: 'AuthBasic',
    auth: () => new AuthBasic({ username: 'ada', password: 'pä: ss' }),
    shows: ({ headers }) => headers.authorization,
    credential: `Basic ${Buffer.from('ada:pä: ss').toString('base64')}`,
  },
  {
    name: 'AuthApiKey in a header',
    auth: () => new AuthApiKey({ header: 'x-api-key', key: 'k1' }),
    shows: ({ headers }) => headers['x-api-key'],
    credential: 'k1',
  },
  {
    name: 'AuthApiKey in a cookie',
    auth: () => new AuthApiKey({ cookie: 'session', key: 'k1' }),
    shows: ({ headers }) => headers.cookie,
    credential: 'session=k1',
  },
  {
    name: 'AuthQuery',
    auth: () => new AuthQuery({ name: 'api_key', key: 'k&1' }),
    shows: ({ query }) => query.api_key,
    credential: 'k&1',
  },
  {
    name: 'AuthBearer',
    auth: () => new AuthBearer(async () => 'token-1'),
    shows: ({ headers }) => headers.authorization,
    credential: 'Bearer token-1',
  },
  {
    name: 'AuthJwt',
    auth: () => new AuthJwt({ token: jwt }),
    shows: ({ headers }) => headers.authorization,
    credential: `Bearer ${jwt}`,
  },
  {
    name: 'AuthForward',
    auth: () => new AuthForward({ incoming: () => ({ headers: { authorization: `Bearer ${jwt}` } }) }),
    shows: ({ headers }) => headers.authorization,
    credential: `Bearer ${jwt}`,
  },
  {
    name: 'AuthNone',
    auth: () => new AuthNone(),
    shows: ({ headers }) => headers.authorization,
    credential: undefined,
  },
];

describe.each(drivers)('$name', (driver) => {
  it.each(fixed)('carries $name', async ({ auth, shows, credential }) => {
    const api = await testApi({ accepts: (hit) => shows(hit) === credential });
    const send = driver.create(auth(), bound(api));

    expect((await outcome(driver, send({ url: api.url('/') }))).status).toBe(200);
    expect(api.hits).toHaveLength(1);
  });

  it('logs in again with AuthToken when the token is refused', async () => {
    const api = await testApi();
    let logins = 0;
    api.on(
      '/login',
      login(() => `token-${++logins}`, api.current),
    );
    const auth = new AuthToken({
      tokenEndpoint: api.url('/login'),
      username: 'ada',
      password: 'pw',
      tokenKey: 'data.id',
    });
    const send = driver.create(auth, bound(api));
    expect((await outcome(driver, send({ url: api.url('/') }))).status).toBe(200);
    api.revoke('token-1');

    expect((await outcome(driver, send({ url: api.url('/') }))).status).toBe(200);
    expect(logins).toBe(2);
    expect(api.hitsOf('/').map((hit) => hit.headers.authorization)).toEqual([
      'Bearer token-1',
      'Bearer token-1',
      'Bearer token-2',
    ]);
  });
});

function login(nextToken: () => string, current: Set<string>): Responder {
  return ({ response }) => {
    const id = nextToken();
    current.add(id);
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ data: { id } }));
  };
}

describe.each(drivers)('$name with a real authorization server', (driver) => {
  let server: AuthorizationServer;
  beforeAll(async () => {
    server = await startAuthorizationServer();
  });
  afterAll(() => server.close());
  beforeEach(() => {
    server.traffic.requests.length = 0;
  });

  const client = () => ({
    tokenEndpoint: server.tokenEndpoint,
    clientId: 'basic',
    clientSecret: clientSecrets.basic,
    scope: 'openid read',
  });

  it.each([
    {
      grant: 'client credentials',
      source: () => clientCredentials({ ...client(), scope: 'read' }),
      renewal: 'client_credentials',
    },
    {
      grant: 'password',
      source: () => resourceOwnerPassword({ ...client(), username: 'alice', password: 'wonderland' }),
      renewal: 'refresh_token',
    },
  ])('replaces a revoked token (AuthOAuth2, $grant)', async ({ source, renewal }) => {
    const tokens: string[] = [];
    const auth = new AuthOAuth2(source(), { onToken: ({ accessToken }) => void tokens.push(accessToken) });
    const send = driver.create(auth, bound({ origin: server.issuer }));
    const me = () => outcome(driver, send({ url: `${server.resource}/me` }));
    expect((await me()).status).toBe(200);
    await server.revoke(tokens[0] ?? '');

    const answers = await Promise.all([me(), me(), me()]);

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(tokens).toHaveLength(2);
    expect(server.traffic.count({ path: '/token' })).toBe(2);
    expect(server.traffic.requests.findLast(({ path }) => path === '/token')).toMatchObject({
      grantType: renewal,
      status: 200,
    });
  });
});
