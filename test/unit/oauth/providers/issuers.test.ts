import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { privateKeyJwt } from '../../../../src/oauth/client-assertion.ts';
import { type AuthorizationCodeOptions, authorizationCode } from '../../../../src/oauth/grants/authorization-code.ts';
import { clientCredentials } from '../../../../src/oauth/grants/client-credentials.ts';
import type { OAuthSource } from '../../../../src/oauth/oauth-source.ts';
import { type HandIssuer, startHandIssuer } from '../../../helpers/hand-issuer.ts';

// Microsoft's documented answers:
// https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc#fetch-the-openid-configuration-document
// https://learn.microsoft.com/entra/identity-platform/id-token-claims-reference
// https://learn.microsoft.com/azure/active-directory-b2c/tokens-overview#endpoints
const TENANT = '72f988bf-86f1-41af-91ab-2d7cd011db47';
const WELL_KNOWN = '/.well-known/openid-configuration';
const signal = AbortSignal.timeout(20_000);
let as: HandIssuer;

beforeAll(async () => {
  as = await startHandIssuer();
});
afterAll(() => as[Symbol.asyncDispose]());
beforeEach(() => {
  as.received.length = 0;
  as.answers.clear();
});

/** Serves a configuration at a path, as the provider does. */
async function serve(path: string, issuer: string): Promise<void> {
  const fresh = await startHandIssuer();
  const [keys] = fresh.answers.get('/jwks') ?? [];
  await fresh[Symbol.asyncDispose]();
  as.answers.set(path, [
    {
      json: {
        issuer,
        authorization_endpoint: `${as.issuer}/authorize`,
        token_endpoint: `${as.issuer}/token`,
        jwks_uri: `${as.issuer}/keys`,
        id_token_signing_alg_values_supported: ['ES256'],
      },
    },
  ]);
  as.answers.set('/keys', [keys ?? {}]);
  idToken = (claims) => fresh.idToken(claims);
}
let idToken: HandIssuer['idToken'];

type Server = Partial<AuthorizationCodeOptions>;

/** Logs in at a server whose ID token has these claims; the claim `nonce` is that of the login. */
async function logIn(server: Server, claims: object): Promise<OAuthSource['claims']> {
  const source = authorizationCode({
    clientId: 'id',
    redirectUri: 'http://127.0.0.1:1/',
    scope: 'openid',
    authorize: async ({ url, state }: { url: URL; state: string }) => {
      const token = await idToken({ nonce: url.searchParams.get('nonce') ?? '', ...claims });
      as.answers.set('/token', [{ json: { access_token: 't', id_token: token } }]);
      return new URLSearchParams({ code: 'c', state });
    },
    ...server,
  } as AuthorizationCodeOptions);
  await source.requestToken({ signal });
  return source.claims;
}

describe('Entra ID', () => {
  it('logs in at one tenant by its issuer', async () => {
    const issuer = `${as.issuer}/${TENANT}/v2.0`;
    await serve(`/${TENANT}/v2.0${WELL_KNOWN}`, issuer);
    await logIn({ issuer }, { iss: issuer, tid: TENANT });
  });

  it.each(['common', 'organizations'])('logs in at %s, where each token names its tenant', async (which) => {
    const path = `/${which}/v2.0${WELL_KNOWN}`;
    await serve(path, `${as.issuer}/{tenantid}/v2.0`);
    const good = { iss: `${as.issuer}/${TENANT}/v2.0`, tid: TENANT };
    await logIn({ metadataUrl: as.issuer + path }, good);
    // A pasted URL says the same.
    await logIn({ issuer: as.issuer + path }, good);
    await logIn({ metadataUrl: new URL(as.issuer + path) }, good);
  });

  it.each<[string, object]>([
    ['of another tenant than it says', { iss: 'other', tid: TENANT }],
    ['that says no tenant', { iss: '{tenantid}' }],
    ['whose tenant is a path', { iss: 'a/../b', tid: 'a/../b' }],
    ['whose tenant is empty', { iss: '', tid: '' }],
    ['whose tenant is no text', { iss: '7', tid: 7 }],
  ])('refuses a token %s', async (_name, { iss, ...claims }: { iss?: string }) => {
    const path = `/common/v2.0${WELL_KNOWN}`;
    await serve(path, `${as.issuer}/{tenantid}/v2.0`);
    const from = iss === '{tenantid}' ? `${as.issuer}/${TENANT}/v2.0` : `${as.issuer}/${iss}/v2.0`;
    await expect(logIn({ metadataUrl: as.issuer + path }, { iss: from, ...claims })).rejects.toThrow(/expected issuer/);
    await expect(logIn({ metadataUrl: as.issuer + path }, { iss: undefined, tid: TENANT })).rejects.toThrow(/iss/);
  });

  it('may be held to the tenants of a function', async () => {
    const path = `/common/v2.0${WELL_KNOWN}`;
    await serve(path, `${as.issuer}/{tenantid}/v2.0`);
    const iss = `${as.issuer}/${TENANT}/v2.0`;
    const server = (idTokenIssuer: AuthorizationCodeOptions['idTokenIssuer']) =>
      ({ metadataUrl: as.issuer + path, idTokenIssuer }) as Server;
    const asked: unknown[] = [];
    const trust = (...told: unknown[]) => asked.push(told) > 0;
    await logIn(server(trust), { iss, tid: TENANT });
    expect(asked).toEqual([[iss, expect.objectContaining({ iss, tid: TENANT, sub: 'ada' })]]);
    for (const no of [() => false, () => 'yes' as never, async () => false]) {
      await expect(logIn(server(no), { iss, tid: TENANT })).rejects.toThrow(/expected issuer/);
    }
    const broken = () => Promise.reject(new Error('down'));
    await expect(logIn(server(broken), { iss, tid: TENANT })).rejects.toThrow(/'idTokenIssuer' failed/);
  });

  it('is still checked for signature, audience and nonce', async () => {
    const path = `/common/v2.0${WELL_KNOWN}`;
    await serve(path, `${as.issuer}/{tenantid}/v2.0`);
    const good = { iss: `${as.issuer}/${TENANT}/v2.0`, tid: TENANT };
    const wrong = { aud: 'other', nonce: 'other' };
    for (const claim of ['aud', 'nonce'] as const) {
      const login = logIn({ metadataUrl: as.issuer + path }, { ...good, [claim]: wrong[claim] });
      await expect(login).rejects.toThrow(/The ID token is not valid/);
    }
    await serve('/elsewhere', 'x');
    const stranger = await startHandIssuer();
    idToken = (claims) => stranger.idToken(claims);
    await expect(
      logIn({ metadataUrl: `${as.issuer}/elsewhere`, idTokenIssuer: 'x' } as Server, { iss: 'x' }),
    ).rejects.toThrow(/JWS_SIGNATURE/);
    await stranger[Symbol.asyncDispose]();
  });

  it('gets assertions for its token endpoint where its issuer is a template', async () => {
    const path = `/common/v2.0${WELL_KNOWN}`;
    await serve(path, `${as.issuer}/{tenantid}/v2.0`);
    as.answers.set('/token', [{ json: { access_token: 't' } }]);
    const { privateKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign']);
    const clientAuthentication = privateKeyJwt({ key: privateKey as never });
    await clientCredentials({ metadataUrl: as.issuer + path, clientId: 'id', clientAuthentication }).requestToken({
      signal,
    });
    const [, payload = ''] = (as.to('/token')[0]?.form.client_assertion ?? '').split('.');
    expect(JSON.parse(atob(payload))).toMatchObject({ aud: `${as.issuer}/token` });
  });
});

describe('Azure AD B2C', () => {
  it('logs in, though its issuer is not where its configuration is', async () => {
    const path = `/contoso.onmicrosoft.com/b2c_1_signin/v2.0${WELL_KNOWN}`;
    const issuer = `${as.issuer}/${TENANT}/v2.0/`;
    await serve(path, issuer);
    await logIn({ issuer: as.issuer + path }, { iss: issuer });
    await expect(logIn({ issuer: as.issuer + path }, { iss: `${as.issuer}/other/v2.0/` })).rejects.toThrow(/issuer/);
    const named = logIn({ issuer: `${as.issuer}/contoso.onmicrosoft.com/b2c_1_signin/v2.0` }, { iss: issuer });
    await expect(named).rejects.toThrow(/or give 'metadataUrl'/);
  });
});

describe('keys and issuer', () => {
  it('may be given beside endpoints, and beside an issuer', async () => {
    await serve(WELL_KNOWN, as.issuer);
    const endpoints = { tokenEndpoint: `${as.issuer}/token`, authorizationEndpoint: `${as.issuer}/authorize` };
    const jwksUri = `${as.issuer}/keys`;
    await expect(logIn(endpoints, {})).rejects.toThrow(/or also 'jwksUri' and 'idTokenIssuer'/);
    await logIn({ ...endpoints, jwksUri, idTokenIssuer: as.issuer } as Server, { iss: as.issuer });
    as.answers.set('/other-keys', as.answers.get('/keys') ?? []);
    as.answers.delete('/keys');
    await logIn({ issuer: as.issuer, jwksUri: `${as.issuer}/other-keys` } as Server, { iss: as.issuer });
    expect(as.to('/other-keys')).toHaveLength(1);
    expect(() => clientCredentials({ issuer: as.issuer, metadataUrl: jwksUri, clientId: 'id' } as never)).toThrow(
      expect.objectContaining({ option: 'metadataUrl' }),
    );
  });
});

it('the error names the first place that failed, and why', async () => {
  const source = clientCredentials({ issuer: `${as.issuer}/realms/x`, clientId: 'id' });
  await expect(source.requestToken({ signal })).rejects.toThrow(
    `${as.issuer}/realms/x${WELL_KNOWN} gave no configuration: HTTP status 404`,
  );
});
