import { decodeJwt } from 'jose';
import { describe, expect, it } from 'vitest';
import { fetchAuth } from '../../../src/adapters/fetch.ts';
import { AuthOAuth2 } from '../../../src/authenticators/oauth2.ts';
import { Dpop } from '../../../src/oauth/dpop.ts';
import { resourceOwnerPassword } from '../../../src/oauth/grants/resource-owner-password.ts';
import { USER } from './configure.ts';
import { confidential, issuer, nonceIssuer, recorder } from './fixture.ts';

const owner = { ...confidential, ...USER, scope: 'openid read' };

describe.each([
  ['that wants no nonce', issuer, [200]],
  ['that wants a nonce', nonceIssuer, [400, 200]],
])('DPoP with a server %s', (_kind, server, statuses) => {
  it('binds the token to the key, and the API accepts it with a proof', async () => {
    const { fetch, answers } = recorder();
    const dpop = new Dpop();
    const auth = new AuthOAuth2(resourceOwnerPassword({ ...owner, issuer: server, dpop, fetch }));
    const response = await fetchAuth(auth, { baseUrl: server })(`${server}/userinfo`);
    expect(response.status).toBe(200);
    expect(answers.filter(({ path }) => path === '/token').map(({ status }) => status)).toEqual(statuses);
    const token = auth.tokens.peek() ?? expect.unreachable();
    expect(token.tokenType).toBe('DPoP');
    expect(decodeJwt(token.accessToken).cnf).toEqual({ jkt: await dpop.thumbprint() });
  });

  it('makes the token worthless without a proof', async () => {
    const auth = new AuthOAuth2(resourceOwnerPassword({ ...owner, issuer: server, dpop: new Dpop() }));
    const stolen = (await auth.tokens.get()).accessToken;
    const answer = await fetch(`${server}/userinfo`, { headers: { authorization: `Bearer ${stolen}` } });
    expect(answer.status).toBe(401);
  });
});
