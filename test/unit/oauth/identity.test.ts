import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AuthOAuth2 } from '../../../src/authenticators/oauth2.ts';
import { AuthToken } from '../../../src/authenticators/token.ts';
import { clientAssertion, privateKeyJwt } from '../../../src/oauth/client-assertion.ts';
import { authorizationCode } from '../../../src/oauth/grants/authorization-code.ts';
import { clientCredentials } from '../../../src/oauth/grants/client-credentials.ts';
import { deviceAuthorization } from '../../../src/oauth/grants/device-authorization.ts';
import { jwtBearer } from '../../../src/oauth/grants/jwt-bearer.ts';
import { refreshToken } from '../../../src/oauth/grants/refresh-token.ts';
import { resourceOwnerPassword } from '../../../src/oauth/grants/resource-owner-password.ts';
import { tokenExchange } from '../../../src/oauth/grants/token-exchange.ts';
import { firstOf } from '../../../src/tokens/first-of.ts';
import { MemoryTokenStore } from '../../../src/tokens/memory-store.ts';
import type { TokenSource } from '../../../src/tokens/token.ts';
import { type Endpoint, startEndpoint } from '../../helpers/endpoint.ts';

let server: Endpoint;
beforeAll(async () => {
  server = await startEndpoint();
});
afterAll(() => server[Symbol.asyncDispose]());
const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token';
let issued = 0;
beforeEach(() => {
  server.answer(() => {
    issued += 1;
    return { json: { access_token: `token-${issued}`, issued_token_type: ACCESS_TOKEN } };
  });
});

const pem = () =>
  String(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }));
const [ownKey, otherKey] = [pem(), pem()];
const client = (more: object = {}) => ({ tokenEndpoint: server.url, clientId: 'app', ...more });

/** Does the second source find what the first one has put into a shared store? */
async function shares(first: TokenSource, second: TokenSource): Promise<boolean> {
  const store = new MemoryTokenStore();
  const a = await new AuthOAuth2(first, { store }).tokens.get();
  const b = await new AuthOAuth2(second, { store }).tokens.get();
  return a.accessToken === b.accessToken;
}

type Make = (more?: object) => TokenSource;
const asClient: Make = (more) => clientCredentials(client({ clientSecret: 'secret-1', ...more }));
const asUser: Make = (more) => resourceOwnerPassword({ ...client(), username: 'ada', password: 'open', ...more });
const asKey: Make = (more) =>
  clientCredentials(client({ clientAuthentication: privateKeyJwt({ key: ownKey }), ...more }));
const asSigner: Make = (more) =>
  jwtBearer({ tokenEndpoint: server.url, assertionIssuer: 'robot', key: ownKey, ...more });
const asSubject: Make = (more) => tokenExchange({ ...client(), subjectToken: 'subject-1', ...more });
const asFirst: Make = (more) => refreshToken({ ...client(), refreshToken: 'first-1', ...more });
const asChain: Make = (more) => firstOf(asUser(more), asClient());

/** A cache keyed by less than the identity. */
describe('a shared store without storeKey', () => {
  it.each<[string, Make, object]>([
    ['client credentials: another secret', asClient, { clientSecret: 'secret-2' }],
    ['client credentials: another client', asClient, { clientId: 'other' }],
    ['client credentials: another scope', asClient, { scope: 'write' }],
    ['client credentials: another audience', asClient, { audience: 'billing' }],
    ['client credentials: another resource', asClient, { resource: 'https://api.example' }],
    ['client credentials: another parameter', asClient, { parameters: { tenant: 'b' } }],
    ['client credentials: another refresh parameter', asClient, { refreshParameters: { tenant: 'b' } }],
    ['client credentials: another token of the answer', asClient, { tokenKey: 'access_token', scope: ['x'] }],
    ['client credentials: another key', asKey, { clientAuthentication: privateKeyJwt({ key: otherKey }) }],
    ['password: another password', asUser, { password: 'sesame' }],
    ['password: another user', asUser, { username: 'grace' }],
    ['password: another tenant', asUser, { parameters: { tenant: 'b' } }],
    ['assertion: another key', asSigner, { key: otherKey }],
    ['assertion: another subject', asSigner, { subject: 'grace' }],
    ['assertion: other claims', asSigner, { claims: { tenant: 'b' } }],
    ['token exchange: another subject', asSubject, { subjectToken: 'subject-2' }],
    ['token exchange: an actor', asSubject, { actorToken: 'actor' }],
    ['token exchange: another type', asSubject, { subjectTokenType: 'urn:ietf:params:oauth:token-type:jwt' }],
    ['refresh token: another first one', asFirst, { refreshToken: 'first-2' }],
    ['a chain: another password in it', asChain, { password: 'sesame' }],
  ])('%s is another entry', async (_what, make, more) => {
    expect(await shares(make(), make())).toBe(true);
    expect(await shares(make(), make(more))).toBe(false);
  });

  it.each<[string, Make, object]>([
    ['password', asUser, { clientSecret: 'rotated' }],
    ['token exchange', asSubject, { clientSecret: 'rotated' }],
    ['refresh token', asFirst, { clientSecret: 'rotated' }],
  ])('%s: a rotated secret of the client is the same entry', async (_what, make, more) => {
    expect(await shares(make({ clientSecret: 'secret' }), make(more))).toBe(true);
  });

  it('a password that a function gives is asked for again', async () => {
    let password = 'open';
    const source = () => resourceOwnerPassword({ ...client(), username: 'ada', password: () => password });
    const store = new MemoryTokenStore();
    const first = await new AuthOAuth2(source(), { store }).tokens.get();
    expect((await new AuthOAuth2(source(), { store }).tokens.get()).accessToken).toBe(first.accessToken);
    password = 'changed';
    expect((await new AuthOAuth2(source(), { store }).tokens.get()).accessToken).not.toBe(first.accessToken);
  });

  it('the order of scopes and parameters says nothing', async () => {
    const [one, two] = [{ parameters: { a: '1', b: '2' } }, { parameters: { b: '2', a: '1' } }];
    expect(await shares(asClient({ scope: 'a b', ...one }), asClient({ scope: ['b', 'a'], ...two }))).toBe(true);
  });

  it('no secret and no parameter stands in a key', async () => {
    const keys: string[] = [];
    const store = new MemoryTokenStore();
    const read = store.read.bind(store);
    store.read = (key) => {
      keys.push(key);
      return read(key);
    };
    for (const source of [asClient({ parameters: { pin: '4711' } }), asUser(), asSigner(), asSubject(), asFirst()]) {
      await new AuthOAuth2(source, { store }).tokens.get();
    }
    for (const secret of ['secret-1', '4711', '"open"', 'subject-1', 'first-1', 'PRIVATE KEY']) {
      expect(keys.join('\n')).not.toContain(secret);
    }
  });

  it.each<[string, () => TokenSource]>([
    ['a device', () => deviceAuthorization({ ...client(), deviceAuthorizationEndpoint: server.url, show: () => {} })],
    [
      'a browser, without a login hint',
      () => authorizationCode({ ...client(), authorizationEndpoint: server.url, redirectUri: 'https://app.example/' }),
    ],
    ['a refresh token of a function', () => refreshToken({ ...client(), refreshToken: () => 'r' })],
    ['the tokens of somebody', () => tokenExchange({ ...client(), subjectToken: new AuthOAuth2(asUser()).tokens })],
    ['a subject of a function', () => tokenExchange({ ...client(), subjectToken: () => 's' })],
    ['a client with a certificate', () => clientCredentials(client({ clientAuthentication: 'tls_client_auth' }))],
    [
      'an assertion from elsewhere',
      () => clientCredentials(client({ clientAuthentication: clientAssertion(() => 'a') })),
    ],
  ])('is refused where nobody knows whose token it will be: %s', (_what, make) => {
    expect(() => new AuthOAuth2(make(), { store: new MemoryTokenStore() })).toThrow(
      expect.objectContaining({ name: 'ConfigurationError', option: 'storeKey' }),
    );
  });

  it('takes a login hint for the user', () => {
    const source = authorizationCode({
      ...client({ authorizationEndpoint: server.url }),
      redirectUri: 'https://app.example/',
      loginHint: 'ada',
    });
    expect(() => new AuthOAuth2(source, { store: new MemoryTokenStore() })).not.toThrow();
  });

  it('keeps logins with other passwords apart (AuthToken)', async () => {
    const store = new MemoryTokenStore();
    const login = (password: string) =>
      new AuthToken({ tokenEndpoint: server.url, tokenKey: 'access_token', username: 'ada', password, store });
    const first = await login('open').tokens.get();
    expect((await login('open').tokens.get()).accessToken).toBe(first.accessToken);
    expect((await login('wrong').tokens.get()).accessToken).not.toBe(first.accessToken);
  });
});
