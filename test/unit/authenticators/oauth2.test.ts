import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { AuthOAuth2 } from '../../../src/authenticators/oauth2.ts';
import { buildAuthenticator } from '../../../src/builders/build-authenticator.ts';
import { ConfigurationError } from '../../../src/errors.ts';
import type { CredentialFields } from '../../../src/fields/credential-fields.ts';
import type { Authenticator } from '../../../src/lifecycle/contract.ts';
import { clientCredentials } from '../../../src/oauth/grants/client-credentials.ts';
import { MemoryTokenStore } from '../../../src/tokens/memory-store.ts';
import type { Token, TokenSource } from '../../../src/tokens/token.ts';
import { type Endpoint, startEndpoint } from '../../helpers/endpoint.ts';
import { fakeRequest, fakeResponse } from '../../helpers/fake-request.ts';

let server: Endpoint;

beforeAll(async () => {
  server = await startEndpoint();
});
afterAll(() => server[Symbol.asyncDispose]());
beforeEach(() => {
  server.received.length = 0;
  server.answer({ json: { access_token: 't1', token_type: 'bearer' } }, { json: { access_token: 't2' } });
});

async function send(auth: Authenticator<Token> | Authenticator, refused?: Token) {
  const request = fakeRequest();
  const refusal = refused && { refused: { credential: refused, response: fakeResponse(401) } };
  const token = (await auth.authenticate({ request, ...refusal })) as Token;
  await auth.modifyRequest(request, token);
  return { token, headers: request.headers };
}

const form = (n = 0) => server.received[n]?.form;

function built(fields: CredentialFields, options = {}): Authenticator {
  const client = { oauth2ClientId: 'my-id', oauth2ClientSecret: 's3cr:et /+%&=', oauth2TokenURL: server.url };
  return buildAuthenticator({ authType: 'AuthOAuth2', ...client, ...fields }, options);
}

describe('AuthOAuth2', () => {
  it('sends the token of a grant, and renews it when it is refused', async () => {
    const auth = new AuthOAuth2(clientCredentials({ tokenEndpoint: server.url, clientId: 'id', clientSecret: 's' }));
    const first = await send(auth);
    expect(first.headers.get('authorization')).toBe('Bearer t1');
    expect((await send(auth, first.token)).headers.get('authorization')).toBe('Bearer t2');
  });

  it('asks once for everybody who waits', async () => {
    const auth = new AuthOAuth2(clientCredentials({ tokenEndpoint: server.url, clientId: 'id', clientSecret: 's' }));
    const all = await Promise.all(Array.from({ length: 50 }, () => send(auth)));
    expect(new Set(all.map(({ token }) => token)).size).toBe(1);
    expect(server.received).toHaveLength(1);
  });

  it.each([undefined, null, {}, 'x'])('refuses %o as a grant', (source) => {
    expect(() => new AuthOAuth2(source as unknown as TokenSource)).toThrow(ConfigurationError);
  });
});

describe('AuthOAuth2 from fields', () => {
  const basic = `Basic ${btoa('my-id:s3cr%3Aet+%2F%2B%25%26%3D')}`;

  it('client credentials, basic_auth', async () => {
    const { headers } = await send(built({ oauth2Type: 'ClientCredentials', oauth2ClientCredentialsScope: 'a b' }));
    expect(headers.get('authorization')).toBe('Bearer t1');
    expect(form()).toEqual({ grant_type: 'client_credentials', scope: 'a b' });
    expect(server.received[0]?.headers.authorization).toBe(basic);
  });

  it('client credentials, post_body, no scope', async () => {
    await send(built({ oauth2Type: 'ClientCredentials', oauth2AuthType: 'post_body', oauth2ResourceOwnerScope: 'no' }));
    expect(form()).toEqual({ grant_type: 'client_credentials', client_id: 'my-id', client_secret: 's3cr:et /+%&=' });
    expect(server.received[0]?.headers).not.toHaveProperty('authorization');
  });

  it('resource owner, with additional parameters', async () => {
    const owner = { oauth2ResourceOwnerUsername: 'ada', oauth2ResourceOwnerPassword: 'p&w' };
    const more = { oauth2ResourceOwnerScope: 'x', oauth2ResourceOwnerAdditionalParams: '{"tenant":"t 1"}' };
    await send(built({ oauth2Type: 'ResourceOwner', ...owner, ...more }));
    expect(form()).toEqual({ grant_type: 'password', username: 'ada', password: 'p&w', scope: 'x', tenant: 't 1' });
    expect(server.received[0]?.headers.authorization).toBe(basic);
  });

  it('label, format, key and expiry', async () => {
    server.answer({ json: { result: { tok: 't', ttl_in: '100' } } });
    const fields = { oauth2TokenLabel: 'X-T', oauth2TokenFormat: '{}', oauth2TokenKey: 'result.tok' };
    const auth = built(
      { oauth2Type: 'ClientCredentials', ...fields, tokenExpiresInSelector: 'result.ttl_in' },
      { now: () => 1_800_000_000_000, monotonic: () => 0 },
    );
    const { token, headers } = await send(auth);
    expect(headers.get('x-t')).toBe('t');
    expect(token.expiresAt).toBe(1_800_000_100_000);
  });

  it.each([
    [{}, /field 'oauth2Type' is None/],
    [{ oauth2Type: 'ClientCredentials', oauth2TokenKey: 'a.__proto__' }, /'oauth2TokenKey'/],
    [{ oauth2Type: 'ClientCredentials', oauth2TokenURL: 'http://as.example/t' }, /https/],
    [
      {
        oauth2Type: 'ResourceOwner',
        oauth2ResourceOwnerUsername: 'a',
        oauth2ResourceOwnerPassword: 'b',
        oauth2ResourceOwnerAdditionalParams: '[]',
      },
      /'oauth2ResourceOwnerAdditionalParams'/,
    ],
  ] as const)('refuses %o', (fields, message) => {
    expect(() => built(fields)).toThrow(ConfigurationError);
    expect(() => built(fields)).toThrow(message);
  });

  it('hands on fetch, store and onToken', async () => {
    const own = vi.fn<typeof fetch>((input, init) => fetch(input, init));
    const onToken = vi.fn();
    const store = new MemoryTokenStore();
    const auth = built({ oauth2Type: 'ClientCredentials' }, { fetch: own, store, onToken });
    await send(auth);
    expect(own).toHaveBeenCalledTimes(1);
    expect(onToken).toHaveBeenCalledWith(expect.objectContaining({ accessToken: 't1' }));
    const other = built({ oauth2Type: 'ClientCredentials' }, { store });
    expect((await send(other)).token.accessToken).toBe('t1');
    expect(server.received).toHaveLength(1);
  });

  it('keeps tenants apart in a store', async () => {
    const store = new MemoryTokenStore();
    await send(built({ oauth2Type: 'ClientCredentials' }, { store }));
    await send(built({ oauth2Type: 'ClientCredentials', oauth2ClientId: 'other' }, { store }));
    await send(built({ oauth2Type: 'ClientCredentials', oauth2ClientCredentialsScope: 'a' }, { store }));
    expect(server.received).toHaveLength(3);
  });

  it('hands on scopeStepUp and onStepUp', async () => {
    server.answer({ json: { access_token: 't1' } }, { json: { access_token: 't2' } });
    const onStepUp = vi.fn(() => undefined);
    const auth = built({ oauth2Type: 'ClientCredentials' }, { scopeStepUp: ['write'], onStepUp });
    const { token } = await send(auth);
    const refuse = (challenge: string) => {
      const response = { ...fakeResponse(403), headers: new Headers({ 'www-authenticate': challenge }) };
      return auth.authenticate({ request: fakeRequest(), refused: { credential: token, response } });
    };
    expect(await refuse('Bearer error="insufficient_scope", scope="write"')).toMatchObject({ accessToken: 't2' });
    expect(form(1)).toMatchObject({ scope: 'write' });
    await expect(refuse('Bearer error="insufficient_user_authentication"')).rejects.toThrow(/authenticate again/);
    expect(onStepUp).toHaveBeenCalledTimes(1);
  });
});
