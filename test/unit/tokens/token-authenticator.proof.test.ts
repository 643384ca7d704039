import { describe, expect, it, vi } from 'vitest';
import type { AuthResponse } from '../../../src/lifecycle/contract.ts';
import { Dpop } from '../../../src/oauth/dpop.ts';
import type { ProofOfPossession, Token } from '../../../src/tokens/token.ts';
import { TokenAuthenticator, type TokenAuthenticatorOptions } from '../../../src/tokens/token-authenticator.ts';
import { fakeRequest, fakeResponse } from '../../helpers/fake-request.ts';
import { token } from './by-hand.ts';
import { WatchedStore } from './watched-store.ts';

const bound = token('t1', { tokenType: 'DPoP' });

function setUp(options: TokenAuthenticatorOptions = {}, made: Token = bound) {
  const proof = {
    thumbprint: async () => 'jkt',
    prove: vi.fn<ProofOfPossession['prove']>(async (request, { accessToken }) => {
      request.headers.set('dpop', `proof of ${accessToken}`);
    }),
    isOutdated: vi.fn<ProofOfPossession['isOutdated']>(() => false),
    checkOptions: Dpop.prototype.checkOptions,
    checkToken: Dpop.prototype.checkToken,
  };
  const auth = new TokenAuthenticator({ requestToken: async () => made, proof }, options);
  return { auth, proof };
}

describe('a token that is bound to a key', () => {
  it('is sent with a proof, and a new one with each attempt', async () => {
    const { auth, proof } = setUp();
    const requests = [fakeRequest(), fakeRequest()];
    for (const request of requests) await auth.modifyRequest(request, await auth.authenticate({ request }));
    expect(requests.map(({ headers }) => [headers.get('authorization'), headers.get('dpop')])).toEqual([
      ['DPoP t1', 'proof of t1'],
      ['DPoP t1', 'proof of t1'],
    ]);
    expect(proof.prove.mock.calls.map(([request]) => request)).toEqual(requests);
  });

  it.each([200, 401, 403, 500])('has its proof see every response, such as a %i', (status) => {
    const { auth, proof } = setUp();
    const response: AuthResponse = fakeResponse(status);
    expect(auth.checkResult(response, bound)).toBe(status !== 401);
    expect(proof.isOutdated.mock.calls).toEqual([[response]]);
    proof.isOutdated.mockReturnValue(true);
    expect(auth.checkResult(response, bound)).toBe('again');
  });

  it.each([
    ['format', { format: 'Bearer {}' }],
    ['header', { header: 'x-token' }],
    ['header', { header: 'x-token', format: '{}' }],
  ])('contradicts option %s', (option, options) => {
    expect(() => setUp(options)).toThrow(expect.objectContaining({ code: 'ERR_AUTH_CONFIGURATION', option }));
  });

  it('may name the header that it is sent in anyway', () => {
    expect(() => setUp({ header: 'Authorization' })).not.toThrow();
  });
});

describe('a bearer token in its place is discarded', () => {
  const bearer = token('free');
  const discarded = { code: 'ERR_AUTH_CREDENTIAL', message: expect.stringContaining('not bound to its DPoP key') };

  it('when it is given', () => {
    expect(() => setUp({ token: bearer })).toThrow(expect.objectContaining(discarded));
  });

  it('when the source makes it', async () => {
    const { auth } = setUp({}, bearer);
    await expect(auth.authenticate({ request: fakeRequest() })).rejects.toMatchObject(discarded);
  });

  it('when it stands in the store: the source makes another one', async () => {
    const store = new WatchedStore();
    await store.putByOther('["k","jkt"]', bearer);
    const { auth } = setUp({ store, storeKey: 'k' });
    expect(await auth.authenticate({ request: fakeRequest() })).toMatchObject({ accessToken: 't1' });
  });
});
