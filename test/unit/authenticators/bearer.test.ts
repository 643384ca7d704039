import { describe, expect, it, vi } from 'vitest';
import { AuthBearer } from '../../../src/authenticators/bearer.ts';
import { ConfigurationError, CredentialError } from '../../../src/errors.ts';
import type { Authenticator } from '../../../src/lifecycle/contract.ts';
import { credentialFilter } from '../../../src/logging/credential-filter.ts';
import { secret } from '../../../src/secret.ts';
import { withRefreshTokens } from '../../../src/tokens/refresh-tokens.ts';
import { staticToken, type TokenFunction } from '../../../src/tokens/sources.ts';
import type { Token, TokenRequest } from '../../../src/tokens/token.ts';
import { fakeRequest, fakeResponse } from '../../helpers/fake-request.ts';

/** Signs a request, after the refusal of a credential if there was one. */
async function sign(auth: Authenticator<Token>, credential?: Token) {
  const request = fakeRequest();
  const refused = credential && { credential, response: fakeResponse(401, request) };
  const token = await auth.authenticate({ request, ...(refused && { refused }) });
  await auth.modifyRequest(request, token);
  return { token, header: request.headers.get('authorization') };
}

describe('AuthBearer', () => {
  it.each([
    ['a source', staticToken('t')],
    ['a source of your own', { requestToken: async () => ({ accessToken: 't', tokenType: 'bearer' }) }],
    ['an async function', async () => 't'],
    ['a plain function', () => 't'],
    ['a function that gives a secret', () => secret('t')],
    ['a function that gives a token', async () => ({ accessToken: 't', tokenType: 'Bearer' })],
  ])('takes %s', async (_name, source) => {
    expect((await sign(new AuthBearer(source))).header).toBe('Bearer t');
  });

  it.each(['t0', secret('t0'), { accessToken: 't0', tokenType: 'Bearer' }])(
    'begins with the token that was given: %o',
    async (token) => {
      const source = vi.fn(async () => 't1');
      const auth = new AuthBearer(source, { token });
      const first = await sign(auth);
      expect(first.header).toBe('Bearer t0');
      expect(source).not.toHaveBeenCalled();
      expect((await sign(auth, first.token)).header).toBe('Bearer t1');
    },
  );

  it('tells the function which token is to be replaced, and when to stop', async () => {
    const renew = vi.fn(async ({ previous }: TokenRequest) => `${previous?.accessToken}+`);
    const auth = new AuthBearer(renew, { token: 't' });
    const { token } = await sign(auth);
    expect((await sign(auth, token)).header).toBe('Bearer t+');
    expect(renew.mock.calls[0]?.[0]).toMatchObject({
      previous: { accessToken: 't' },
      signal: expect.any(AbortSignal),
    });
  });

  it.each([
    ['no refresh token to a function, which could use it twice', (renew: TokenFunction) => renew, undefined],
    ['the refresh token to a function that is meant for it', withRefreshTokens, 'r'],
  ])('gives %s', async (_name, declared, expected) => {
    const renew = vi.fn(async (_request: TokenRequest) => 't1');
    const auth = new AuthBearer(declared(renew), { token: { accessToken: 't', refreshToken: 'r' } });
    const { token } = await sign(auth);
    expect((await sign(auth, token)).header).toBe('Bearer t1');
    expect(renew.mock.calls[0]?.[0]?.previous?.refreshToken).toBe(expected);
  });

  it('keeps the token until it is refused, and the newer one for late refusals', async () => {
    let n = 0;
    const auth = new AuthBearer(async () => `t${++n}`);
    const first = await sign(auth);
    expect((await sign(auth)).token).toBe(first.token);
    const second = await sign(auth, first.token);
    expect((await sign(auth, first.token)).token).toBe(second.token);
    expect(n).toBe(2);
  });

  it('gives the same token back when there is nothing better', async () => {
    const auth = new AuthBearer(staticToken('t'));
    const { token } = await sign(auth);
    expect((await sign(auth, token)).token).toBe(token);
  });

  it('answers without waiting while it has a token', async () => {
    const auth = new AuthBearer(async () => 't');
    expect(auth.checkIfAuthenticated()).toBe(false);
    const { token } = await sign(auth);
    expect(auth.checkIfAuthenticated()).toBe(true);
    expect(auth.authenticate({ request: fakeRequest() })).toBe(token);
  });

  it('uses the header and format that it is told to', async () => {
    const auth = new AuthBearer(() => 't', { header: 'X-Token', format: 'Token {}' });
    const request = fakeRequest();
    await auth.modifyRequest(request, await auth.authenticate({ request }));
    expect(request.headers.get('x-token')).toBe('Token t');
  });

  it.each(['hunter2\n', 'hunter2\r', 'hunter2\0', 'hunter2€', ''])(
    'refuses the token %j before any I/O',
    async (token) => {
      await expect(sign(new AuthBearer(() => token))).rejects.toThrow(CredentialError);
      await expect(sign(new AuthBearer(() => token))).rejects.not.toThrow(/hunter2/);
      expect(() => new AuthBearer(() => 'x', { token })).toThrow(CredentialError);
    },
  );

  it.each(['ghp_token', secret('ghp_token')])('takes a token that you have: %o', async (given) => {
    const auth = new AuthBearer(given);
    const { token, header } = await sign(auth);
    expect(header).toBe('Bearer ghp_token');
    expect((await sign(auth, token)).token, 'there is nothing better').toBe(token);
    expect(() => new AuthBearer(given, { token: 'other' })).toThrow(/not in both/);
  });

  it.each(['Bearer x', 'bearer x'])('refuses the token %j, which would be sent as Bearer Bearer x', async (given) => {
    const says =
      /puts 'Bearer' before the token, which begins with it already: leave it out, or set option 'format' to '\{\}'/;
    expect(() => new AuthBearer(given)).toThrow(says);
    await expect(sign(new AuthBearer(() => given))).rejects.toThrow(says);
    expect((await sign(new AuthBearer(given, { format: '{}' }))).header).toBe(given);
  });

  it('takes what a token endpoint answers, and renews it when its time is over', async () => {
    let [time, n] = [1_800_000_000_000, 0];
    const answer = () => ({ access_token: `t${++n}`, token_type: 'bearer', expires_in: 600 });
    const clocks = { now: () => time, monotonic: () => time, refreshAheadMs: 0, skewMs: 0 };
    const auth = new AuthBearer(answer, clocks);
    expect((await sign(auth)).header).toBe('Bearer t1');
    time += 599_000;
    expect((await sign(auth)).header).toBe('Bearer t1');
    time += 1000;
    expect((await sign(auth)).header).toBe('Bearer t2');
  });

  it.each([new Date(1_800_000_600_000), '2027-01-15T08:10:00Z', 1_800_000_600, 1_800_000_600_000])(
    'renews a token that expires at %o',
    async (expiresAt) => {
      let time = 1_800_000_000_000;
      const clocks = { now: () => time, monotonic: () => time, refreshAheadMs: 0, skewMs: 0 };
      const auth = new AuthBearer(() => 't2', { token: { accessToken: 't1', expiresAt }, ...clocks });
      expect((await sign(auth)).header).toBe('Bearer t1');
      time += 600_000;
      expect((await sign(auth)).header).toBe('Bearer t2');
    },
  );

  it.each([undefined, null, 7, {}])('refuses %o as a source', (source) => {
    expect(() => new AuthBearer(source as unknown as () => string)).toThrow(ConfigurationError);
  });

  it('masks what it learns', async () => {
    await sign(new AuthBearer(() => 'bearer-token-64'));
    expect(credentialFilter.mask('bearer-token-64')).toBe('*****');
  });
});
