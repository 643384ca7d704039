import { describe, expect, it, vi } from 'vitest';
import { StepUpRequiredError } from '../../../src/errors.ts';
import { ResourceAuthenticator, type ResourceAuthenticatorOptions } from '../../../src/oauth/resource-authenticator.ts';
import type { Demand, Token } from '../../../src/tokens/token.ts';
import { fakeRequest } from '../../helpers/fake-request.ts';
import { HandClock } from '../tokens/by-hand.ts';

/** An authenticator with the token `t1`, and whatever its source is asked for: it answers `t2`, `t3` and so on. */
function setUp(options: ResourceAuthenticatorOptions = {}, granted?: readonly string[]) {
  const clock = new HandClock();
  const demands: (Demand | undefined)[] = [];
  const source = {
    async requestToken({ demand }: { demand?: Demand }): Promise<Token> {
      demands.push(demand);
      return { accessToken: `t${demands.length + 1}`, tokenType: 'Bearer', ...(granted && { scope: granted }) };
    },
  };
  const first = { accessToken: 't1', tokenType: 'Bearer', scope: ['read'] };
  const auth = new ResourceAuthenticator(source, {
    now: clock.now,
    monotonic: clock.monotonic,
    token: first,
    ...options,
  });
  return { auth, demands, clock };
}

function response(status: number, challenge?: string) {
  const headers = new Headers(challenge === undefined ? {} : { 'www-authenticate': challenge });
  return { status, headers, request: fakeRequest() };
}

/** Refuses what the authenticator has, as the engine would tell it. */
async function refuse(auth: ResourceAuthenticator, status: number, challenge?: string, credential?: Token) {
  const request = fakeRequest();
  const token = credential ?? (await auth.authenticate({ request }));
  const answer = response(status, challenge);
  const verdict = await auth.checkResult(answer, token);
  if (verdict !== false) return { verdict, token };
  const better = await auth.authenticate({ request, refused: { credential: token, response: answer } });
  return { verdict, token, better, accessToken: better.accessToken, resends: better !== token };
}

describe('a refusal', () => {
  it.each([
    [401, undefined],
    [401, 'Bearer'],
    [401, 'Bearer realm="x"'],
    [401, 'Bearer error="invalid_token"'],
    [401, 'DPoP error="invalid_token", algs="ES256"'],
    [401, 'Bearer error="something_else"'],
    [403, 'Bearer error="invalid_token"'],
  ])('%i %s renews', async (status, challenge) => {
    const { auth, demands } = setUp();
    expect(await refuse(auth, status, challenge)).toMatchObject({ accessToken: 't2', resends: true });
    expect(demands).toEqual([undefined]);
  });

  it.each([
    [401, 'Bearer error="insufficient_scope", scope="write"'],
    [401, 'Bearer error="invalid_request"'],
    [401, 'Basic realm="x"'],
    [401, 'Negotiate, Basic realm="x"'],
    [401, 'DPoP error="invalid_dpop_proof"'],
    [401, 'DPoP error="use_dpop_nonce"'],
  ])('%i %s has no remedy: the response stands, nobody is asked', async (status, challenge) => {
    const { auth, demands } = setUp();
    expect(await refuse(auth, status, challenge)).toMatchObject({ verdict: false, resends: false });
    expect(demands).toEqual([]);
  });

  it.each([
    [403, undefined],
    [403, 'Bearer'],
    [403, 'Bearer error="insufficient_scope", scope="write"'],
    [403, 'Bearer error="something_else"'],
    [400, 'Bearer error="invalid_request"'],
    [400, 'Bearer error="invalid_token"'],
    [407, 'Bearer error="invalid_token"'],
    [200, 'Bearer error="invalid_token"'],
    [500, 'Bearer error="invalid_token"'],
  ])('%i %s is none: the token was accepted', async (status, challenge) => {
    const { auth, demands } = setUp();
    expect(await refuse(auth, status, challenge)).toMatchObject({ verdict: true });
    expect(demands).toEqual([]);
  });
});

describe('claims in a challenge', () => {
  const claims = '{"access_token":{"nbf":{"essential":true}}}';
  const field = (error: string) => `Bearer error="${error}", claims="${btoa(claims)}"`;

  it.each([
    [401, 'insufficient_claims'],
    [401, 'invalid_token'],
    [401, 'something_else'],
    [403, 'insufficient_claims'],
  ])('are demanded of the next token: %i %s', async (status, error) => {
    const { auth, demands } = setUp();
    expect(await refuse(auth, status, field(error))).toMatchObject({ accessToken: 't2' });
    expect(demands).toEqual([{ claims }]);
  });

  it('do not go on for ever: a token with them that was never accepted is not replaced', async () => {
    const { auth, demands } = setUp();
    const { better } = await refuse(auth, 401, field('insufficient_claims'));
    expect(await refuse(auth, 401, field('insufficient_claims'), better)).toMatchObject({ resends: false });
    expect(demands).toHaveLength(1);
  });
});

describe('scope step-up', () => {
  const field = 'Bearer error="insufficient_scope", scope="write admin"';

  it.each([401, 403])('asks for the union of scopes, on a %i as well', async (status) => {
    const { auth, demands } = setUp({ scopeStepUp: ['write', 'admin'] });
    expect(await refuse(auth, status, field)).toMatchObject({ accessToken: 't2', resends: true });
    expect(demands).toEqual([{ scope: ['read', 'write', 'admin'] }]);
  });

  it('asks once: a server that grants less is not asked again', async () => {
    const { auth, demands } = setUp({ scopeStepUp: ['write', 'admin'] }, ['read']);
    const { better } = await refuse(auth, 403, field);
    for (let i = 0; i < 3; i += 1) expect(await refuse(auth, 403, field, better)).toMatchObject({ resends: false });
    expect(demands).toHaveLength(1);
  });

  it('asks once for everybody who waits, and not for those who come late', async () => {
    const { auth, demands } = setUp({ scopeStepUp: ['write', 'admin'] });
    const token = await auth.authenticate({ request: fakeRequest() });
    const all = await Promise.all(Array.from({ length: 20 }, () => refuse(auth, 403, field, token)));
    expect(all.map(({ accessToken }) => accessToken)).toEqual(Array(20).fill('t2'));
    expect(await refuse(auth, 403, field, token)).toMatchObject({ accessToken: 't2' });
    expect(demands).toHaveLength(1);
  });

  it('leaves the former token to those who need no more', async () => {
    const { auth } = setUp({ scopeStepUp: ['write', 'admin'] });
    const widening = refuse(auth, 403, field);
    expect((await auth.authenticate({ request: fakeRequest() })).accessToken).toBe('t1');
    await widening;
  });

  it.each(['Bearer error="insufficient_scope"', 'Bearer error="insufficient_scope", scope=" "'])(
    'needs a scope to ask for: %s',
    async (challenge) => {
      const { auth, demands } = setUp({ scopeStepUp: ['write', 'admin'] });
      expect(await refuse(auth, 403, challenge)).toMatchObject({ verdict: true });
      expect(await refuse(auth, 401, challenge)).toMatchObject({ resends: false });
      expect(demands).toEqual([]);
    },
  );

  it('keeps the scope in later renewals', async () => {
    const { auth, demands } = setUp({ scopeStepUp: ['write', 'admin'] });
    const { better } = await refuse(auth, 403, field);
    auth.onAccepted(better as Token, response(200));
    await refuse(auth, 401, 'Bearer error="invalid_token"');
    expect(demands[1]).toEqual({ scope: ['read', 'write', 'admin'] });
  });
});

describe('step-up authentication (RFC 9470)', () => {
  const field = 'Bearer error="insufficient_user_authentication", acr_values="gold silver", max_age="300"';
  const wanted = { acrValues: 'gold silver', maxAgeMs: 300_000 };

  it.each([401, 403])('is a typed error that says what the server wants, on a %i', async (status) => {
    const { auth, demands } = setUp();
    const error = await refuse(auth, status, field).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(StepUpRequiredError);
    expect(error).toMatchObject({ ...wanted, code: 'ERR_AUTH_STEP_UP_REQUIRED', origin: 'https://api.example' });
    expect(demands).toEqual([]);
  });

  it.each([undefined, false])('is an event; a handler that answers %o leaves it at that', async (answer) => {
    const onStepUp = vi.fn(() => answer);
    const { auth, demands } = setUp({ onStepUp });
    const error = await refuse(auth, 401, field).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(StepUpRequiredError);
    expect(onStepUp.mock.calls).toEqual([[error]]);
    expect(demands).toEqual([]);
  });

  it.each<[string, true | Demand, Demand]>([
    ['true renews with what the server wants', true, wanted],
    ['a demand renews with that', { acrValues: 'gold' }, { acrValues: 'gold' }],
  ])('%s', async (_name, answer, demand) => {
    const { auth, demands } = setUp({ onStepUp: async () => answer });
    expect(await refuse(auth, 401, field)).toMatchObject({ accessToken: 't2', resends: true });
    expect(demands).toEqual([demand]);
  });

  it('takes a token that the handler has set', async () => {
    const { auth, demands } = setUp({
      async onStepUp() {
        await auth.tokens.set({ accessToken: 'own', tokenType: 'Bearer' });
        return true;
      },
    });
    expect(await refuse(auth, 401, field)).toMatchObject({ accessToken: 'own', resends: true });
    expect(demands).toEqual([]);
  });

  it('asks the handler and the source once for everybody who waits, and not for those who come late', async () => {
    const onStepUp = vi.fn(() => true);
    const { auth, demands } = setUp({ onStepUp });
    const token = await auth.authenticate({ request: fakeRequest() });
    const all = await Promise.all(Array.from({ length: 20 }, () => refuse(auth, 401, field, token)));
    expect(all.map(({ accessToken }) => accessToken)).toEqual(Array(20).fill('t2'));
    expect(await refuse(auth, 401, field, token)).toMatchObject({ accessToken: 't2' });
    expect([onStepUp.mock.calls.length, demands.length]).toEqual([1, 1]);
  });

  it('never goes round in circles: what was asked for already is an error', async () => {
    const onStepUp = vi.fn(() => true);
    const { auth, demands, clock } = setUp({ onStepUp });
    const { better } = await refuse(auth, 401, field);
    for (let i = 0; i < 3; i += 1) {
      await expect(refuse(auth, 401, field, better)).rejects.toThrow(/asked for already/);
    }
    expect([onStepUp.mock.calls.length, demands.length]).toEqual([1, 1]);

    clock.pass(300_001);
    expect(await refuse(auth, 401, field, better)).toMatchObject({ accessToken: 't3' });
    expect(onStepUp).toHaveBeenCalledTimes(2);
  });

  it('never goes round in circles: a source that has nothing better', async () => {
    const token = { accessToken: 't1', tokenType: 'Bearer' };
    const requestToken = vi.fn(async () => token);
    const auth = new ResourceAuthenticator({ requestToken }, { token, onStepUp: () => true });
    await expect(refuse(auth, 401, field)).rejects.toBeInstanceOf(StepUpRequiredError);
    await expect(refuse(auth, 401, field)).rejects.toBeInstanceOf(StepUpRequiredError);
    expect(requestToken).toHaveBeenCalledTimes(1);
  });

  it('max_age=0 asks for one token per refusal, not for one per waiting request', async () => {
    const { auth, demands } = setUp({ onStepUp: () => true });
    const challenge = 'Bearer error="insufficient_user_authentication", max_age=0';
    const token = await auth.authenticate({ request: fakeRequest() });
    const all = await Promise.all(Array.from({ length: 5 }, () => refuse(auth, 401, challenge, token)));
    expect(new Set(all.map(({ accessToken }) => accessToken))).toEqual(new Set(['t2']));
    expect(demands).toEqual([{ maxAgeMs: 0 }]);
  });

  it('that says nothing in particular renews, if the handler wants it', async () => {
    const { auth, demands } = setUp({ onStepUp: () => true });
    expect(await refuse(auth, 401, 'Bearer error="insufficient_user_authentication"')).toMatchObject({
      accessToken: 't2',
    });
    expect(demands).toEqual([undefined]);
  });

  it('asks for the scope of the challenge as well', async () => {
    const { auth, demands } = setUp({ onStepUp: () => true });
    await refuse(auth, 401, `${field}, scope="pay"`);
    expect(demands).toEqual([{ ...wanted, scope: ['read', 'pay'] }]);
  });

  it('that the handler fails at keeps the reason, and is asked again the next time', async () => {
    const cause = new Error('window closed');
    const onStepUp = vi.fn().mockRejectedValueOnce(cause).mockResolvedValueOnce(true);
    const { auth } = setUp({ onStepUp });
    await expect(refuse(auth, 401, field)).rejects.toMatchObject({ name: 'StepUpRequiredError', cause, ...wanted });
    expect(await refuse(auth, 401, field)).toMatchObject({ accessToken: 't2' });
  });

  it("escapes the server's text", async () => {
    const { auth } = setUp();
    const challenge = 'Bearer error="insufficient_user_authentication", acr_values="a\x85b"';
    const error = await refuse(auth, 401, challenge).catch((reason: unknown) => reason as Error);
    expect((error as Error).message).toContain("acr_values '*****'");
    expect((error as Error).message).not.toContain('\x85');
  });
});

/** What a hostile server may ask for. */
describe('a server', () => {
  const claimsField = (n: number) => `Bearer error="insufficient_claims", claims="${btoa(`{"n":${n}}`)}"`;

  it('with 30 challenges for other claims gets two renewals', async () => {
    const { auth, demands } = setUp();
    for (let n = 0; n < 30; n += 1) await refuse(auth, 401, claimsField(n));
    expect(demands).toHaveLength(2);
  });

  it('with 30 pages gets five', async () => {
    const { auth, demands } = setUp();
    for (let n = 0; n < 30; n += 1) {
      const request = fakeRequest({ url: `https://api.example.com/page-${n}` });
      const credential = await auth.authenticate({ request });
      const headers = new Headers({ 'www-authenticate': claimsField(n) });
      await auth.authenticate({ request, refused: { credential, response: { status: 401, headers, request } } });
    }
    expect(demands).toHaveLength(5);
  });

  it('gets what it wants again after a minute', async () => {
    const { auth, demands, clock } = setUp();
    for (let n = 0; n < 5; n += 1) await refuse(auth, 401, claimsField(n));
    clock.pass(61_000);
    await refuse(auth, 401, claimsField(9));
    expect(demands).toHaveLength(3);
  });

  it.each([
    ['no scope', undefined, 'write'],
    ['another scope', ['write'], 'admin'],
    ['more than the list', 'write delete', 'write admin'],
    ['a scope beside one that it has', ['write'], 'read admin'],
    ['nothing that a function lets through', () => false, 'write'],
    ['nothing where a function fails', () => expect.unreachable(), 'write'],
  ])('may ask for %s', async (_what, scopeStepUp, scope) => {
    const { auth, demands } = setUp(scopeStepUp === undefined ? {} : { scopeStepUp });
    const outcome = await refuse(auth, 403, `Bearer error="insufficient_scope", scope="${scope}"`);
    expect(outcome.verdict).toBe(true);
    expect(demands).toEqual([]);
  });

  it('is known to the function that decides', async () => {
    const scopeStepUp = vi.fn(() => true);
    const { auth, demands } = setUp({ scopeStepUp });
    await refuse(auth, 403, 'Bearer error="insufficient_scope", scope="write"');
    expect(scopeStepUp).toHaveBeenCalledWith({ scope: ['write'], origin: expect.stringMatching(/^https:/) });
    expect(demands).toEqual([{ scope: ['read', 'write'] }]);
  });

  it('may name what the token has already', async () => {
    const { auth, demands } = setUp({ scopeStepUp: ['write'] });
    await refuse(auth, 403, 'Bearer error="insufficient_scope", scope="read write"');
    expect(demands).toEqual([{ scope: ['read', 'write'] }]);
  });

  it('cannot be given everything', () => {
    expect(() => setUp({ scopeStepUp: true as never })).toThrow(expect.objectContaining({ option: 'scopeStepUp' }));
  });
});
