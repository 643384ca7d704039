import { SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { AuthJwt, type AuthJwtOptions } from '../../../src/authenticators/jwt.ts';
import { CredentialError } from '../../../src/errors.ts';
import { credentialFilter } from '../../../src/logging/credential-filter.ts';
import { secret } from '../../../src/secret.ts';
import type { Token } from '../../../src/tokens/token.ts';
import { fakeRequest, fakeResponse } from '../../helpers/fake-request.ts';

const START = 1_800_000_000_000;
const key = new TextEncoder().encode('0123456789abcdef0123456789abcdef');

const jwt = (claims: Record<string, unknown>) => new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(key);

/** A JWT that expires so many seconds after the start. */
const living = (seconds: number) => jwt({ exp: START / 1000 + seconds });

/** An authenticator with clocks that move when told to. */
function withClock(options: Pick<AuthJwtOptions, 'token'>) {
  let passed = 0;
  const auth = new AuthJwt({ ...options, now: () => START + passed, monotonic: () => passed, refreshAheadMs: 0 });
  const send = async (refused?: Token) => {
    const request = fakeRequest();
    const refusal = refused && { refused: { credential: refused, response: fakeResponse(401) } };
    const token = await auth.authenticate({ request, ...refusal });
    await auth.modifyRequest(request, token);
    return { token, header: request.headers.get('authorization') };
  };
  return { auth, send, pass: (ms: number) => (passed += ms) };
}

/** A function that gives one JWT after another, and counts. */
function sequence(...tokens: string[]) {
  const asked = { times: 0, token: async () => tokens[Math.min(asked.times++, tokens.length - 1)] as string };
  return asked;
}

describe('AuthJwt with a given token', () => {
  it.each([
    ['that lives', () => living(60)],
    ['that has expired: the server decides', () => living(-60)],
    ['without exp', () => jwt({ sub: 'ada' })],
    ['that is no JWT', async () => 'opaque'],
  ])('sends one %s', async (_name, make) => {
    const token = await make();
    expect((await withClock({ token }).send()).header).toBe(`Bearer ${token}`);
    expect((await withClock({ token: secret(token) }).send()).header).toBe(`Bearer ${token}`);
  });

  it('sends it on when its exp passes', async () => {
    const token = await living(60);
    const { send, pass } = withClock({ token });
    pass(3_600_000);
    expect((await send()).header).toBe(`Bearer ${token}`);
  });

  it('has nothing better after a refusal', async () => {
    const { send } = withClock({ token: await living(60) });
    const { token } = await send();
    expect((await send(token)).token).toBe(token);
  });

  it('answers at once', async () => {
    const { auth } = withClock({ token: await living(60) });
    expect(auth.checkIfAuthenticated()).toBe(true);
    expect(auth.authenticate({ request: fakeRequest() })).not.toBeInstanceOf(Promise);
  });

  it.each(['', 'hunter2\n', 'hunter2\r\n', 'hunter2\0', 'hunter2€'])('refuses %j at construction', (token) => {
    expect(() => new AuthJwt({ token })).toThrow(CredentialError);
    expect(() => new AuthJwt({ token })).not.toThrow(/hunter2/);
  });
});

describe('AuthJwt with a function', () => {
  it('asks for every request, whatever exp says', async () => {
    const [one, two] = [await living(600), await living(1200)];
    const asked = sequence(one, two, one);
    const { send } = withClock({ token: asked.token });
    expect((await send()).header).toBe(`Bearer ${one}`);
    expect((await send()).header).toBe(`Bearer ${two}`);
    expect((await send()).header).toBe(`Bearer ${one}`);
    expect(asked.times).toBe(3);
  });

  it('answers at once where the function does', () => {
    const { auth } = withClock({ token: () => 'a.b.c' });
    expect(auth.authenticate({ request: fakeRequest() })).toMatchObject({ accessToken: 'a.b.c' });
  });

  it('gives what was refused back where the function has nothing better', async () => {
    const { send } = withClock({ token: async () => 'a.b.c' });
    const { token } = await send();
    expect((await send(token)).token).toBe(token);
  });

  it('asks again when a server has refused it', async () => {
    const [one, two] = [await living(600), await living(1200)];
    const { send } = withClock({ token: sequence(one, two).token });
    const { token } = await send();
    expect((await send(token)).header).toBe(`Bearer ${two}`);
  });

  it('sends what has expired already: the exp is only a hint', async () => {
    const token = await living(-60);
    expect((await withClock({ token: sequence(token).token }).send()).header).toBe(`Bearer ${token}`);
  });

  it.each(['', 'hunter2\n', 'hunter2€'])('refuses %j before any I/O', async (token) => {
    await expect(withClock({ token: () => token }).send()).rejects.toThrow(CredentialError);
    await expect(withClock({ token: async () => token }).send()).rejects.not.toThrow(/hunter2/);
  });

  it('masks what it learns', async () => {
    await withClock({ token: () => 'jwt-header.payload.signature' }).send();
    expect(credentialFilter.mask('jwt-header.payload.signature')).toBe('*****');
  });
});
