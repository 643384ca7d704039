import { createHash, randomUUID } from 'node:crypto';
import { decodeJwt, exportJWK, generateKeyPair, importJWK, SignJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type AuthorizationServer,
  clientSecrets,
  DEVICE_CODE,
  JWT_BEARER,
  startAuthorizationServer,
  TOKEN_EXCHANGE,
  TRUSTED_ISSUER,
} from '../helpers/authorization-server.ts';

interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly json: Record<string, string>;
}

let server: AuthorizationServer;
beforeAll(async () => {
  server = await startAuthorizationServer();
});
afterAll(() => server.close());
beforeEach(() => {
  server.traffic.requests.length = 0;
  Object.assign(server.settings, { fault: undefined, dpopNonceAtServer: false, dpopNonceAtResource: false });
});

const reply = async (response: Response): Promise<Reply> => ({
  status: response.status,
  headers: response.headers,
  json: await response.json().catch(() => ({})),
});

/** RFC 6749 §2.3.1: form-encoded before they are put together. */
function basic(id: string, secret: string): Record<string, string> {
  const encode = (value: string) => new URLSearchParams({ value }).toString().slice('value='.length);
  return { authorization: `Basic ${btoa(`${encode(id)}:${encode(secret)}`)}` };
}

const asBasic = basic('basic', clientSecrets.basic);

async function post(path: string, form: Record<string, string>, headers: HeadersInit = asBasic): Promise<Reply> {
  return reply(await fetch(server.issuer + path, { method: 'POST', body: new URLSearchParams(form), headers }));
}

const password = { grant_type: 'password', username: 'alice', password: 'wonderland', scope: 'openid read' };
const refresh = (refresh_token = '') => post('/token', { grant_type: 'refresh_token', refresh_token });

async function me(token = '', path = '/me', headers: HeadersInit = {}): Promise<Reply> {
  return reply(await fetch(server.resource + path, { headers: { authorization: `Bearer ${token}`, ...headers } }));
}

describe('the authorization server', () => {
  it('gives a client a token that the resource accepts', async () => {
    const { status, json } = await post('/token', { grant_type: 'client_credentials', scope: 'read' });

    expect(status).toBe(200);
    expect(json.refresh_token).toBeUndefined();
    expect((await me(json.access_token)).json).toMatchObject({ sub: 'basic', kind: 'opaque' });
    expect((await me(json.access_token, '/admin')).status).toBe(403);
  });

  it('refuses a revoked access token, whose refresh token lives on', async () => {
    const { json } = await post('/token', password);
    await server.revoke(json.access_token ?? '');

    const refused = await me(json.access_token);
    expect(refused.status).toBe(401);
    expect(refused.headers.get('www-authenticate')).toContain('error="invalid_token"');
    expect((await refresh(json.refresh_token)).status).toBe(200);
  });

  it('rotates refresh tokens, and reuse kills the whole family', async () => {
    const first = await post('/token', password);
    const second = await refresh(first.json.refresh_token);
    expect(second.status).toBe(200);
    expect(second.json.refresh_token).not.toBe(first.json.refresh_token);

    expect((await refresh(first.json.refresh_token)).json.error).toBe('invalid_grant');
    expect((await refresh(second.json.refresh_token)).json.error).toBe('invalid_grant');
    expect((await me(second.json.access_token)).status).toBe(401);
  });

  it('refuses a wrong password and a wrong secret', async () => {
    expect((await post('/token', { ...password, password: 'no' })).json.error).toBe('invalid_grant');
    const wrong = await post('/token', password, basic('basic', 'no'));
    expect(wrong.status).toBe(401);
    expect(wrong.headers.get('www-authenticate')).toContain('Basic');
  });

  it('expires a token without anybody having to wait', async () => {
    const { json } = await post('/token', password);
    const [id = ''] = [json.access_token];
    await server.expire('AccessToken', id);

    expect((await me(id)).status).toBe(401);
  });

  it('counts token requests, and breaks them when told to', async () => {
    server.settings.fault = (context) => {
      context.status = 503;
      context.set('retry-after', '1');
      return true;
    };
    expect((await post('/token', password)).status).toBe(503);
    server.settings.fault = undefined;
    await Promise.all([post('/token', password), post('/token', password)]);

    expect(server.traffic.count({ path: '/token' })).toBe(3);
    expect(server.traffic.count({ grantType: 'password', status: 200, clientAuthentication: 'Basic' })).toBe(2);
  });

  it('holds token requests until they are released', async () => {
    const release = server.traffic.hold();
    const call = post('/token', password);
    release();

    expect((await call).status).toBe(200);
  });

  it('issues JWT access tokens for a resource, and denies one that is revoked', async () => {
    const { json } = await post('/token', { grant_type: 'client_credentials', resource: server.resource });
    expect(decodeJwt(json.access_token ?? '').aud).toBe(server.resource);
    expect((await me(json.access_token)).json.kind).toBe('jwt');

    await server.revoke(json.access_token ?? '');
    expect((await me(json.access_token)).status).toBe(401);
  });

  it('publishes both discovery documents', async () => {
    for (const path of ['/.well-known/openid-configuration', '/.well-known/oauth-authorization-server']) {
      expect((await reply(await fetch(server.issuer + path))).json.issuer).toBe(server.issuer);
    }
  });

  it('exchanges a token for one that names who acts', async () => {
    const { json } = await post('/token', password);
    const exchanged = await post('/token', {
      grant_type: TOKEN_EXCHANGE,
      subject_token: json.access_token ?? '',
      subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      resource: server.resource,
    });

    expect(decodeJwt(exchanged.json.access_token ?? '')).toMatchObject({ sub: 'alice', act: { sub: 'basic' } });
  });

  it('takes the assertion of an issuer that it trusts, and no other', async () => {
    const assertion = await new SignJWT()
      .setProtectedHeader({ alg: 'ES256' })
      .setIssuer(TRUSTED_ISSUER)
      .setSubject('alice')
      .setAudience(server.issuer)
      .setExpirationTime('60s')
      .sign(await importJWK(server.bearerKey, 'ES256'));
    const { json } = await post('/token', { grant_type: JWT_BEARER, assertion, scope: 'read' });

    expect((await me(json.access_token)).json.sub).toBe('alice');
    expect((await post('/token', { grant_type: JWT_BEARER, assertion: `${assertion}x` })).json.error).toBe(
      'invalid_grant',
    );
  });

  it('lets a device wait for its user', async () => {
    const { json } = await post('/device/auth', { client_id: 'device', scope: 'openid read' }, {});
    const poll = () =>
      post('/token', { grant_type: DEVICE_CODE, device_code: json.device_code ?? '', client_id: 'device' }, {});
    expect(json.interval).toBe(1);
    expect((await poll()).json.error).toBe('authorization_pending');
    expect((await poll()).json.error).toBe('slow_down');

    await server.approveDevice(json.user_code ?? '');
    expect((await poll()).json.refresh_token).toBeDefined();
  });

  it.each(['denied', 'expired'] as const)('tells a device that its code is %s', async (fate) => {
    const { json } = await post('/device/auth', { client_id: 'device' }, {});
    if (fate === 'denied') await server.denyDevice(json.user_code ?? '');
    else await server.expire('DeviceCode', json.user_code ?? '');

    const polled = await post(
      '/token',
      { grant_type: DEVICE_CODE, device_code: json.device_code ?? '', client_id: 'device' },
      {},
    );
    expect(polled.json.error).toBe(fate === 'denied' ? 'access_denied' : 'expired_token');
  });
});

describe('DPoP', () => {
  const asDpop = basic('dpop', clientSecrets.dpop);
  const credentials = { grant_type: 'client_credentials' };

  async function prover() {
    const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
    const jwk = await exportJWK(publicKey);
    return (htm: string, htu: string, claims: Record<string, unknown> = {}) =>
      new SignJWT({ htm, htu, ...claims })
        .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk })
        .setIssuedAt()
        .setJti(randomUUID())
        .sign(privateKey);
  }

  async function boundToken() {
    const prove = await prover();
    const token = (nonce?: string) =>
      prove('POST', server.tokenEndpoint, nonce === undefined ? {} : { nonce }).then((dpop) =>
        post('/token', credentials, { ...asDpop, dpop }),
      );
    const use = async (accessToken = '', claims: Record<string, unknown> = {}) => {
      const ath = createHash('sha256').update(accessToken).digest('base64url');
      const dpop = await prove('GET', `${server.resource}/me`, { ath, ...claims });
      return me(accessToken, '/me', { authorization: `DPoP ${accessToken}`, dpop });
    };
    return { token, use };
  }

  it('binds a token to a key', async () => {
    const { token, use } = await boundToken();
    const { json } = await token();

    expect(json.token_type).toBe('DPoP');
    expect((await use(json.access_token)).status).toBe(200);
    expect((await me(json.access_token)).status).toBe(401);
    expect((await post('/token', credentials, asDpop)).json.error).toBe('invalid_grant');
  });

  it('wants the nonce of the resource, and a new one after a rotation', async () => {
    const { token, use } = await boundToken();
    const { json } = await token();
    server.settings.dpopNonceAtResource = true;
    const refused = await use(json.access_token);
    expect(refused.status).toBe(401);
    expect(refused.headers.get('www-authenticate')).toContain('use_dpop_nonce');

    const nonce = refused.headers.get('dpop-nonce');
    expect((await use(json.access_token, { nonce })).status).toBe(200);
    server.rotateNonces();
    expect((await use(json.access_token, { nonce })).status).toBe(401);
  });

  it('wants the nonce of the token endpoint, and a new one after a rotation', async () => {
    const { token } = await boundToken();
    server.settings.dpopNonceAtServer = true;
    const refused = await token();
    expect(refused.status).toBe(400);
    expect(refused.json.error).toBe('use_dpop_nonce');

    const nonce = refused.headers.get('dpop-nonce') ?? '';
    expect((await token(nonce)).status).toBe(200);
    server.rotateNonces();
    expect((await token(nonce)).json.error).toBe('use_dpop_nonce');
  });
});
