import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AuthOAuth2 } from '../../../src/authenticators/oauth2.ts';
import { discovery } from '../../../src/oauth/discovery.ts';
import { clientCredentials } from '../../../src/oauth/grants/client-credentials.ts';
import { resourceOwnerPassword } from '../../../src/oauth/grants/resource-owner-password.ts';
import { discoverProtectedResource } from '../../../src/oauth/protected-resource.ts';
import { MemoryTokenStore } from '../../../src/tokens/memory-store.ts';
import { type Endpoint, startEndpoint } from '../../helpers/endpoint.ts';

let server: Endpoint;
let origin = '';
beforeAll(async () => {
  server = await startEndpoint();
  origin = new URL(server.url).origin;
});
afterAll(() => server[Symbol.asyncDispose]());
beforeEach(() => {
  server.received.length = 0;
});

const configuration = () => ({ json: { issuer: origin, token_endpoint: server.url } });

/** One transient failure fails everybody. */
describe('a configuration', () => {
  it.each([500, 502, 503, 429])('is asked for again after %i', async (status) => {
    server.answer({ status }, configuration());
    expect(await discovery(origin)()).toMatchObject({ issuer: origin });
    expect(server.received).toHaveLength(2);
  });

  it('waits as long as the server says', async () => {
    server.answer({ status: 503, headers: { 'retry-after': '1' } }, configuration());
    const start = performance.now();
    await discovery(origin)();
    expect(performance.now() - start).toBeGreaterThan(900);
  });

  it('is given up at once where the server says too long', async () => {
    server.answer({ status: 503, headers: { 'retry-after': '60' } }, configuration());
    await expect(discovery(origin)()).rejects.toMatchObject({ status: 503 });
    expect(server.received).toHaveLength(1);
  });

  it('takes three requests at the most', async () => {
    server.answer({ status: 502 });
    await expect(discovery(origin)()).rejects.toMatchObject({ status: 502 });
    expect(server.received).toHaveLength(3);
  });

  it('is asked for five times at the most, wherever the faults are', async () => {
    server.answer({ status: 502 }, { status: 404 }, { status: 502 }, { status: 404 }, { status: 502 });
    await expect(discovery(`${origin}/tenant`)()).rejects.toMatchObject({ status: 502 });
    expect(server.received).toHaveLength(5);
  });

  it('is not looked for again where there is none while a fault is outlived', async () => {
    server.answer({ status: 404 }, { status: 404 }, { status: 502 });
    const find = discovery(`${origin}/tenant`, {}, 1);
    for (let tried = 0; tried < 3; tried += 1) await expect(find()).rejects.toMatchObject({ status: 502 });
    expect(server.received).toHaveLength(5);
    server.answer({ status: 404 });
    await expect(find()).rejects.toMatchObject({ status: 404 });
    await expect(find()).rejects.toMatchObject({ status: 404 });
    expect(server.received).toHaveLength(9);
  });

  it('that is nowhere: the error says what the first place said', async () => {
    server.answer({ status: 403, json: { message: 'Tenant is disabled' } }, { status: 404 });
    await expect(discovery(`${origin}/tenant`)()).rejects.toMatchObject({
      status: 403,
      message: expect.stringContaining('/tenant/.well-known/openid-configuration'),
      errorDescription: 'Tenant is disabled',
    });
  });

  it('of an API outlives a fault, too', async () => {
    server.answer({ status: 503 }, { json: { resource: origin, authorization_servers: [origin] } });
    const found = await discoverProtectedResource(origin, { authorizationServers: [origin] });
    expect(found).toMatchObject({ resource: origin, issuer: origin });
  });
});

describe('a token request without a refresh token', () => {
  const token = { access_token: 'access-1', token_type: 'Bearer', expires_in: 60 };
  const busy = () => new Response('', { status: 503, headers: { 'retry-after': '0' } });

  it.each([
    [2, 3, 'access-1'],
    [3, 3, undefined],
    [1, 1, undefined],
  ])('that fails %i times is sent again where tries is %i', async (failures, tries, expected) => {
    let sent = 0;
    const answer: typeof fetch = async () => {
      sent += 1;
      return sent > failures ? Response.json(token) : busy();
    };
    const client = { tokenEndpoint: 'https://login.test/token', clientId: 'c', clientSecret: 'a-client-secret' };
    const auth = new AuthOAuth2(clientCredentials({ ...client, fetch: answer }), {
      tries,
      random: () => new Uint8Array(4),
    });
    const outcome = await Promise.resolve(auth.tokens.get()).catch(() => undefined);
    expect(outcome?.accessToken).toBe(expected);
    expect(sent).toBe(Math.min(failures + 1, tries));
  });

  it('is not given up with a store whose token has a refresh token that nobody sends', async () => {
    let refuses = false;
    const answer: typeof fetch = async () => {
      if (refuses) return Response.json({ error: 'invalid_grant' }, { status: 400 });
      return Response.json({ ...token, access_token: `access-${Math.random()}`, refresh_token: 'refresh-1' });
    };
    const client = { tokenEndpoint: 'https://login.test/token', clientId: 'c', clientSecret: 'a-client-secret' };
    const source = clientCredentials({ ...client, fetch: answer });
    const auth = new AuthOAuth2(source, { store: new MemoryTokenStore(), timeToNextRequestMs: 0 });
    const first = await auth.tokens.get();
    refuses = true;
    await expect(Promise.resolve(auth.tokens.renew(first))).rejects.toMatchObject({ error: 'invalid_grant' });
    refuses = false;
    expect(await auth.tokens.renew(first)).toMatchObject({ refreshToken: 'refresh-1' });
  });
});

describe('a wrong password', () => {
  it.each([500, 503])('is sent once, also if the server says so with %i', async (status) => {
    server.answer({ status, json: { error: 'invalid_grant' } });
    const credentials = { clientId: 'c', username: 'ada', password: 'wrong-password-1' };
    const auth = new AuthOAuth2(resourceOwnerPassword({ ...credentials, tokenEndpoint: server.url }));
    await expect(auth.tokens.get()).rejects.toThrow('invalid_grant');
    expect(server.received).toHaveLength(1);
  });
});
