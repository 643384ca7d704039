import { describe, expect, it } from 'vitest';
import { ResourceAuthenticator, type ResourceAuthenticatorOptions } from '../../../src/oauth/resource-authenticator.ts';
import type { Demand, Token } from '../../../src/tokens/token.ts';
import { fakeRequest } from '../../helpers/fake-request.ts';
import { HandClock } from '../tokens/by-hand.ts';

const [A, B, C] = ['https://a.example', 'https://b.example', 'https://c.example'];
const claims = (value: number) =>
  `Bearer error="insufficient_claims", claims="${btoa(`{"access_token":{"n":${value}}}`)}"`;

function setUp(options: ResourceAuthenticatorOptions = {}, answers: Promise<void>[] = []) {
  const clock = new HandClock();
  const demands: (Demand | undefined)[] = [];
  const source = async ({ demand }: { demand?: Demand | undefined }): Promise<Token> => {
    demands.push(demand);
    const accessToken = `t${demands.length + 1}`;
    await answers.shift();
    return { accessToken, tokenType: 'Bearer', expiresAt: clock.now() + 3_600_000 };
  };
  const token = { accessToken: 't1', tokenType: 'Bearer', expiresAt: clock.now() + 3_600_000 };
  const { now, monotonic } = clock;
  const auth = new ResourceAuthenticator(
    { requestToken: (context) => source(context) },
    { now, monotonic, token, scopeStepUp: ['write'], onStepUp: () => true, ...options },
  );
  const get = async (origin: string) => (await auth.authenticate({ request: at(origin) })).accessToken;
  const refuse = async (origin: string, challenge: string) => {
    const request = at(origin);
    const credential = await auth.authenticate({ request });
    const headers = new Headers({ 'www-authenticate': challenge });
    const refused = { credential, response: { status: 401, headers, request } };
    return (await auth.authenticate({ request, refused })).accessToken;
  };
  return { auth, clock, demands, get, refuse };
}

function at(origin: string) {
  return fakeRequest({ url: `${origin}/` });
}

describe('what one origin demands', () => {
  it.each([
    ['claims', claims(1)],
    ['a scope', 'Bearer error="insufficient_scope", scope="write"'],
    ['a stronger login', 'Bearer error="insufficient_user_authentication", acr_values="gold"'],
  ])('changes the token of no other origin: %s', async (_what, challenge) => {
    const { get, refuse, demands } = setUp();
    expect(await refuse(A, challenge)).toBe('t2');
    expect([await get(A), await get(B), await get(A)]).toEqual(['t2', 't1', 't2']);
    expect(demands).toHaveLength(1);
  });

  it('leaves each origin with the token that it has demanded', async () => {
    const { get, refuse } = setUp();
    expect([await refuse(A, claims(1)), await refuse(B, claims(2))]).toEqual(['t2', 't3']);
    expect([await get(A), await get(B), await get(C)]).toEqual(['t2', 't3', 't1']);
  });

  it('does not make others wait', async () => {
    let resolve = () => {};
    const promise = new Promise<void>((done) => {
      resolve = done;
    });
    const { get, refuse } = setUp({}, [promise]);
    const demanded = refuse(A, claims(1));
    await new Promise(setImmediate);
    expect(await get(B)).toBe('t1');
    resolve();
    expect([await demanded, await get(A), await get(B)]).toEqual(['t2', 't2', 't1']);
  });

  it('is over for all with the next renewal', async () => {
    const { auth, get, refuse } = setUp();
    await refuse(A, claims(1));
    await auth.tokens.login();
    expect([await get(A), await get(B)]).toEqual(['t3', 't3']);
  });

  it('reaches others once their own token ends, without another renewal', async () => {
    const { clock, get, refuse, demands } = setUp();
    clock.pass(1_800_000);
    await refuse(A, claims(1));
    clock.pass(1_795_000);
    expect([await get(B), demands.length]).toEqual(['t2', 1]);
  });

  it('reaches others once their own token is refused', async () => {
    const { get, refuse, demands } = setUp();
    await refuse(A, claims(1));
    expect(await refuse(B, 'Bearer error="invalid_token"')).toBe('t2');
    expect([await get(C), demands.length]).toEqual(['t2', 1]);
  });

  it('leaves no token to present after a logout', async () => {
    const { auth, get, refuse } = setUp();
    await refuse(A, claims(1));
    await auth.tokens.clear();
    await expect(get(B)).rejects.toMatchObject({ code: 'ERR_AUTH_LOGIN_REQUIRED' });
  });
});
