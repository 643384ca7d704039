import { expect, it } from 'vitest';
import { AuthOAuth2 } from '../../../../src/authenticators/oauth2.ts';
import { refreshToken } from '../../../../src/oauth/grants/refresh-token.ts';

/** A server that rotates, until the login is revoked there. */
function setUp(first: () => string) {
  const sent: string[] = [];
  let newest = 'refresh-1';
  let revoked = false;
  const source = refreshToken({
    ...{ tokenEndpoint: 'https://login.example.com/token', clientId: 'c', refreshToken: first },
    async fetch(_url, init) {
      const given = new URLSearchParams(init?.body as string).get('refresh_token') ?? '';
      sent.push(given);
      if (revoked || given !== newest) return Response.json({ error: 'invalid_grant' }, { status: 400 });
      newest = `refresh-${sent.length + 1}`;
      return Response.json({ access_token: `access-${sent.length}`, token_type: 'Bearer', refresh_token: newest });
    },
  });
  let now = Date.now();
  const auth = new AuthOAuth2(source, { now: () => now, monotonic: () => now });
  const renew = async () => {
    now += 120_000;
    const token = auth.tokens.peek() ?? { accessToken: 'none', tokenType: 'Bearer' };
    return auth.tokens.renew(token);
  };
  return { auth, sent, renew, revoke: () => (revoked = true) };
}

it.each<[string, () => string]>([
  ['gives the first one again, which is used up', () => 'refresh-1'],
  [
    'fails',
    (() => {
      let asked = 0;
      return () => {
        asked += 1;
        if (asked > 1) throw new Error('the file is gone');
        return 'refresh-1';
      };
    })(),
  ],
])('a refresh token that the server has refused is never sent again where the function %s', async (_what, first) => {
  const { auth, sent, renew, revoke } = setUp(first);
  await auth.tokens.get();
  revoke();
  for (let call = 0; call < 3; call += 1) {
    await expect(renew()).rejects.toMatchObject({
      code: 'ERR_AUTH_LOGIN_REQUIRED',
      message: expect.stringContaining('no longer accepts'),
    });
  }
  expect(sent).toEqual(['refresh-1', 'refresh-2']);
});
