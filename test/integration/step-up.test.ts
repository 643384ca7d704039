import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fetchAuth } from '../../src/adapters/fetch.ts';
import { AuthBearer, type AuthBearerOptions } from '../../src/authenticators/bearer.ts';
import { AuthOAuth2, type AuthOAuth2Options } from '../../src/authenticators/oauth2.ts';
import { StepUpRequiredError } from '../../src/errors.ts';
import { Dpop } from '../../src/oauth/dpop.ts';
import { type AuthorizeRequest, authorizationCode } from '../../src/oauth/grants/authorization-code.ts';
import { clientCredentials } from '../../src/oauth/grants/client-credentials.ts';
import type { TokenAuthenticator } from '../../src/tokens/token-authenticator.ts';
import { browseTo } from '../helpers/authorization-server/browser.ts';
import { type AuthorizationServer, clientSecrets, startAuthorizationServer } from '../helpers/authorization-server.ts';
import { drivers } from '../helpers/clients.ts';

let as: AuthorizationServer;

beforeEach(async () => {
  as = await startAuthorizationServer();
});
afterEach(() => as.close());

function machine(options: AuthOAuth2Options = {}, clientId: 'basic' | 'dpop' = 'basic') {
  const client = { issuer: as.issuer, clientId, clientSecret: clientSecrets[clientId] };
  const bound = clientId === 'dpop' ? { dpop: new Dpop() } : {};
  return new AuthOAuth2(clientCredentials({ ...client, ...bound, scope: 'read' }), options);
}

async function call(auth: TokenAuthenticator, path: string) {
  return (await fetchAuth(auth, { baseUrl: as.resource })(as.resource + path)).status;
}

const tokenRequests = () => as.traffic.requests.filter(({ path }) => path === '/token');
const calls = (path: string, status: number) => as.traffic.count({ path: `/api${path}`, status });

describe('insufficient_scope', () => {
  it('goes to the caller, and asks nobody', async () => {
    const auth = machine();
    expect(await call(auth, '/admin')).toBe(403);
    expect(await call(auth, '/admin')).toBe(403);
    expect([tokenRequests().length, calls('/admin', 403)]).toEqual([1, 2]);
  });

  it.each(['basic', 'dpop'] as const)('with scopeStepUp gets the union of scopes, once (client %s)', async (client) => {
    const auth = machine({ scopeStepUp: ['write'] }, client);
    expect(await call(auth, '/me')).toBe(200);
    expect(await call(auth, '/admin')).toBe(200);
    expect(await call(auth, '/admin')).toBe(200);
    expect(tokenRequests().map(({ scope }) => scope)).toEqual(['read', 'read write']);
    expect([calls('/admin', 403), calls('/admin', 200)]).toEqual([1, 2]);
  });

  it('with scopeStepUp gets one token for everybody who waits', async () => {
    const auth = machine({ scopeStepUp: ['write'] });
    const all = await Promise.all(Array.from({ length: 50 }, () => call(auth, '/admin')));
    expect(all).toEqual(Array(50).fill(200));
    expect(tokenRequests()).toHaveLength(2);
  });

  it('with scopeStepUp, where the server grants no more, stands; nobody is asked again', async () => {
    const { accessToken } = await clientToken();
    as.settings.fault = (context) => {
      if (context.path !== '/token') return false;
      context.body = { access_token: accessToken, token_type: 'Bearer', scope: 'read' };
      return true;
    };
    const auth = machine({ scopeStepUp: ['write'] });
    for (let round = 0; round < 3; round += 1) expect(await call(auth, '/admin')).toBe(403);
    expect(as.traffic.count({ path: '/token' })).toBe(3);
  });

  it.each(drivers)('with scopeStepUp is met over $name', async (driver) => {
    const send = driver.create(machine({ scopeStepUp: ['write'] }), { origins: [as.issuer] });
    expect((await send({ url: `${as.resource}/admin` })).status).toBe(200);
    expect(tokenRequests()).toHaveLength(2);
  });
});

describe('claims in a challenge', () => {
  const claims = '{"access_token":{"nbf":{"essential":true,"value":"1604106651"}}}';

  it('are sent to the token endpoint with the next request', async () => {
    const auth = machine();
    await call(auth, '/me');
    const revoked = auth.tokens.peek()?.accessToken;
    as.settings.challenge = (_path, token) =>
      token === revoked ? `Bearer realm="", error="insufficient_claims", claims="${btoa(claims)}"` : undefined;
    expect(await call(auth, '/me')).toBe(200);
    expect(tokenRequests().map((request) => request.claims)).toEqual([undefined, claims]);
  });
});

describe('insufficient_user_authentication', () => {
  const field = 'Bearer error="insufficient_user_authentication", acr_values="gold silver", max_age="60"';
  let asked: AuthorizeRequest[];
  let onStepUp: ReturnType<typeof vi.fn<NonNullable<AuthOAuth2Options['onStepUp']>>>;

  beforeEach(() => {
    asked = [];
    onStepUp = vi.fn();
  });

  /** Somebody who logs in with a browser, at an API that wants more than the first login. */
  async function user(options: AuthOAuth2Options = { onStepUp }) {
    const source = authorizationCode({
      issuer: as.issuer,
      clientId: 'spa',
      redirectUri: 'http://127.0.0.1:51234/cb',
      scope: 'openid read',
      async authorize(request) {
        asked.push(request);
        return (await browseTo(request.url)).url;
      },
    });
    const auth = new AuthOAuth2(source, options);
    await call(auth, '/me');
    const weak = auth.tokens.peek()?.accessToken;
    as.settings.challenge = (_path, token) => (token === weak ? field : undefined);
    return auth;
  }

  it('is a typed error with acr_values and max_age, and an event', async () => {
    const auth = await user();
    const error = await call(auth, '/me').catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(StepUpRequiredError);
    expect(error).toMatchObject({ acrValues: 'gold silver', maxAgeMs: 60_000, origin: as.issuer });
    expect(onStepUp.mock.calls).toEqual([[error]]);
    expect([asked.length, tokenRequests().length]).toEqual([1, 1]);
  });

  it('is met by a new login with what the server wants, if the handler says so', async () => {
    onStepUp.mockReturnValue(true);
    const auth = await user();
    const all = await Promise.all(Array.from({ length: 20 }, () => call(auth, '/me')));
    expect(all).toEqual(Array(20).fill(200));
    expect(onStepUp).toHaveBeenCalledTimes(1);
    expect(asked).toHaveLength(2);
    const { searchParams } = asked[1]?.url ?? expect.unreachable();
    expect(Object.fromEntries(searchParams)).toMatchObject({ acr_values: 'gold silver', max_age: '60' });
  });

  it('never goes round in circles', async () => {
    onStepUp.mockReturnValue(true);
    const auth = await user();
    as.settings.challenge = () => field;
    expect(await call(auth, '/me')).toBe(401);
    for (let round = 0; round < 3; round += 1) {
      await expect(call(auth, '/me')).rejects.toBeInstanceOf(StepUpRequiredError);
    }
    expect([onStepUp.mock.calls.length, asked.length]).toEqual([1, 2]);
  });
});

/** RFC 6750 §3.1, with a function of one's own. */
describe('AuthBearer', () => {
  async function bearer(options: AuthBearerOptions = {}) {
    const renew = vi.fn(async () => (await clientToken()).accessToken);
    const auth = new AuthBearer(renew, options);
    await call(auth, '/me');
    return { auth, renew };
  }

  it.each([
    ['invalid_token', 200, 2],
    ['insufficient_scope', 401, 1],
    ['invalid_request', 401, 1],
  ])('refused for %s answers %i after %i tokens', async (error, status, tokens) => {
    const { auth, renew } = await bearer();
    const refused = auth.tokens.peek()?.accessToken;
    as.settings.challenge = (_path, token) => (token === refused ? `Bearer error="${error}"` : undefined);
    expect(await call(auth, '/me')).toBe(status);
    expect(renew).toHaveBeenCalledTimes(tokens);
  });

  it.each([
    ['Basic realm="api"', 401, 1],
    ['Basic realm="api", Negotiate', 401, 1],
    ['Basic realm="api", Bearer', 200, 2],
  ])('challenged by %s answers %i after %i tokens', async (challenge, status, tokens) => {
    const { auth, renew } = await bearer();
    const refused = auth.tokens.peek()?.accessToken;
    as.settings.challenge = (_path, token) => (token === refused ? challenge : undefined);
    expect(await call(auth, '/me')).toBe(status);
    expect(renew).toHaveBeenCalledTimes(tokens);
  });
});

describe('AuthOAuth2 with a function', () => {
  it('hands the demand to it', async () => {
    const renew = vi.fn(async () => (await clientToken()).accessToken);
    const auth = new AuthOAuth2(renew, { scopeStepUp: ['write'] });
    await call(auth, '/me');
    expect(await call(auth, '/admin')).toBe(403);
    expect(renew).toHaveBeenLastCalledWith(expect.objectContaining({ demand: { scope: ['write'] }, reason: 'demand' }));
  });
});

/** A token with the scope `read`, got without an authenticator. */
function clientToken() {
  const { issuer } = as;
  const source = clientCredentials({ issuer, clientId: 'basic', clientSecret: clientSecrets.basic, scope: 'read' });
  return source.requestToken({ signal: AbortSignal.timeout(10_000) });
}
