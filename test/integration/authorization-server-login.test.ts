import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browseTo } from '../helpers/authorization-server/browser.ts';
import { type AuthorizationServer, clientSecrets, startAuthorizationServer } from '../helpers/authorization-server.ts';

let server: AuthorizationServer;
beforeAll(async () => {
  server = await startAuthorizationServer();
});
afterAll(() => server.close());

const verifier = randomBytes(32).toString('base64url');
const challenge = createHash('sha256').update(verifier).digest('base64url');
const callback = 'http://127.0.0.1:51234/cb';

function request(clientId: string, redirectUri: string, extra: Record<string, string> = {}): Record<string, string> {
  return {
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirectUri,
    scope: 'openid read',
    state: 'state-1',
    code_challenge: challenge,
    code_challenge_method: 'S256',
    ...extra,
  };
}

async function browse(parameters: Record<string, string>): Promise<Record<string, string>> {
  const { url, body } = await browseTo(`${server.issuer}/auth?${new URLSearchParams(parameters)}`);
  return body === undefined ? Object.fromEntries(url.searchParams) : { body };
}

async function post(path: string, form: Record<string, string>, headers: Record<string, string> = {}) {
  const response = await fetch(server.issuer + path, { method: 'POST', body: new URLSearchParams(form), headers });
  return (await response.json()) as Record<string, string>;
}

function redeem(code = '', codeVerifier = verifier) {
  const form = { grant_type: 'authorization_code', code, redirect_uri: callback, client_id: 'spa' };
  return post('/token', { ...form, code_verifier: codeVerifier });
}

describe('a login', () => {
  it('gives a code, which gives tokens once', async () => {
    const { code, state, iss } = await browse(request('spa', callback));
    expect({ state, iss }).toEqual({ state: 'state-1', iss: server.issuer });

    expect(Object.keys(await redeem(code))).toEqual(
      expect.arrayContaining(['access_token', 'refresh_token', 'id_token']),
    );
    expect((await redeem(code)).error).toBe('invalid_grant');
  });

  it('wants the right code verifier', async () => {
    const { code } = await browse(request('spa', callback));

    expect((await redeem(code, 'A'.repeat(43))).error).toBe('invalid_grant');
  });

  it('ends with the refusal of a user who denies', async () => {
    expect((await browse(request('spa', callback, { login_hint: 'deny' }))).error).toBe('access_denied');
  });

  it('shows a page where nobody is logged in automatically', async () => {
    server.settings.autoLogin = undefined;
    const { body } = await browse(request('spa', callback));
    server.settings.autoLogin = 'alice';

    expect(body).toContain('name=password');
  });

  it('takes a pushed authorization request, and nothing else from a client that must push', async () => {
    const redirectUri = `${server.issuer}/cb`;
    const authorization = `Basic ${btoa(`par:${clientSecrets.par}`)}`;
    expect((await browse(request('par', redirectUri))).error).toBe('invalid_request');

    const { request_uri: requestUri = '' } = await post('/request', request('par', redirectUri), { authorization });
    expect((await browse({ client_id: 'par', request_uri: requestUri })).code).toBeDefined();
  });
});
