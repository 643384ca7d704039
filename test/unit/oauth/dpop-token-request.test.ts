import { decodeJwt } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TokenEndpointError } from '../../../src/errors.ts';
import { Dpop } from '../../../src/oauth/dpop.ts';
import { clientCredentials } from '../../../src/oauth/grants/client-credentials.ts';
import { refreshToken } from '../../../src/oauth/grants/refresh-token.ts';
import { resourceOwnerPassword } from '../../../src/oauth/grants/resource-owner-password.ts';
import type { TokenSource } from '../../../src/tokens/token.ts';
import { type Endpoint, startEndpoint } from '../../helpers/endpoint.ts';

const signal = new AbortController().signal;
const GOOD = { json: { access_token: 't', token_type: 'DPoP' } };
const wanted = (nonce: string, status = 400) => ({
  status,
  json: { error: 'use_dpop_nonce' },
  headers: { 'dpop-nonce': nonce },
});
let server: Endpoint;

beforeAll(async () => {
  server = await startEndpoint();
});
afterAll(() => server[Symbol.asyncDispose]());
beforeEach(() => {
  server.received.length = 0;
  server.answer(GOOD);
});

const plain = () => ({ tokenEndpoint: `${server.url}?tenant=1`, clientId: 'id' });
const client = () => ({ ...plain(), dpop: new Dpop() });
const source = () => clientCredentials(client());
const request = (from: TokenSource) => from.requestToken({ signal });
const proofs = () => server.received.map(({ headers }) => decodeJwt(String(headers.dpop)));

describe('a token request', () => {
  it.each([
    ['client credentials', () => source()],
    ['refresh token', () => refreshToken({ ...client(), refreshToken: 'r' })],
    ['password', () => resourceOwnerPassword({ ...client(), username: 'u', password: 'p' })],
  ])('by %s carries a proof, and the source says that its tokens need one', async (_name, make) => {
    const grant = make();
    expect(await request(grant)).toMatchObject({ accessToken: 't', tokenType: 'DPoP' });
    expect(grant.proof).toBeInstanceOf(Dpop);
    expect(proofs()).toEqual([
      { htm: 'POST', htu: server.url, iat: expect.any(Number), jti: expect.stringMatching(/^[\w-]{22,}$/) },
    ]);
  });

  it('without the option carries none', async () => {
    server.answer({ json: { access_token: 't' } });
    const grant = clientCredentials(plain());
    await request(grant);
    expect(server.received[0]?.headers).not.toHaveProperty('dpop');
    expect(grant).not.toHaveProperty('proof');
  });

  it.each([400, 401])('is made once more when the server wants a nonce (%i)', async (status) => {
    server.answer(wanted('n1', status), GOOD);
    expect(await request(source())).toMatchObject({ accessToken: 't' });
    const [first, second] = proofs();
    expect([first?.nonce, second?.nonce]).toEqual([undefined, 'n1']);
    expect(second?.jti).not.toBe(first?.jti);
  });

  it('takes the nonce of every answer, and the newest', async () => {
    const grant = source();
    server.answer({ ...GOOD, headers: { 'dpop-nonce': 'n1' } }, { ...GOOD, headers: { 'dpop-nonce': 'n2' } }, GOOD);
    for (let i = 0; i < 3; i += 1) await request(grant);
    expect(proofs().map(({ nonce }) => nonce)).toEqual([undefined, 'n1', 'n2']);
  });

  it('is made a third time where the nonce changes meanwhile, and never a fourth', async () => {
    server.answer(wanted('n1'), wanted('n2'), GOOD);
    expect(await request(source())).toMatchObject({ accessToken: 't' });
    expect(proofs().map(({ nonce }) => nonce)).toEqual([undefined, 'n1', 'n2']);
    server.answer(wanted('n1'), wanted('n2'), wanted('n3'), GOOD);
    await expect(request(source())).rejects.toMatchObject({ error: 'use_dpop_nonce' });
    expect(server.received).toHaveLength(6);
  });

  it('is not repeated with a nonce that the server has just refused', async () => {
    server.answer(wanted('n1'), wanted('n1'), GOOD);
    await expect(request(source())).rejects.toMatchObject({ error: 'use_dpop_nonce' });
    expect(server.received).toHaveLength(2);
  });

  it.each<[string, number | undefined, number | undefined, number]>([
    ["the grant's clock", undefined, 1_700_000_000_000, 1_700_000_000],
    ["the key's own clock", 1_600_000_000_000, undefined, 1_600_000_000],
    ["the key's own clock where both have one", 1_600_000_000_000, 1_700_000_000_000, 1_600_000_000],
  ])('says when it was made by %s', async (_name, own, grants, iat) => {
    const clock = (at: number | undefined) => (at === undefined ? {} : { now: () => at });
    await request(clientCredentials({ ...plain(), ...clock(grants), dpop: new Dpop(clock(own)) }));
    expect(proofs()[0]?.iat).toBe(iat);
  });

  it("adds the skew to the grant's clock", async () => {
    const now = () => 1_700_000_000_000;
    await request(clientCredentials({ ...plain(), now, dpop: new Dpop({ clockSkewMs: -60_000 }) }));
    expect(proofs()[0]?.iat).toBe(1_699_999_940);
  });

  it.each([true, false, {}, null])('cannot be switched on: dpop %j is an error that shows what to write', (dpop) => {
    expect(() => clientCredentials({ ...plain(), dpop: dpop as never })).toThrow(/dpop: new Dpop\(\)/);
  });

  it.each([
    ['another error', { ...wanted('n1'), json: { error: 'invalid_dpop_proof' } }],
    ['no nonce', { status: 400, json: { error: 'use_dpop_nonce' } }],
    ['an answer that is no error', { status: 400, body: 'use_dpop_nonce', headers: { 'dpop-nonce': 'n1' } }],
  ])('is not repeated for %s', async (_name, answer) => {
    server.answer(answer);
    await expect(request(source())).rejects.toBeInstanceOf(TokenEndpointError);
    expect(server.received).toHaveLength(1);
  });
});

describe('a token that is not bound', () => {
  it.each(['Bearer', 'bearer', undefined, null, 'MAC', 7])('is discarded: token_type %o', async (tokenType) => {
    server.answer({ json: { access_token: 'secret-token', token_type: tokenType } });
    const error = await request(source()).catch((reason: unknown) => reason as Error);
    expect(error).toMatchObject({ name: 'TokenEndpointError', kind: 'malformed' });
    expect((error as Error).message).toMatch(/not DPoP/);
    expect((error as Error).message).not.toContain('secret-token');
  });

  it.each(['DPoP', 'dpop', 'DPOP'])('is not one of type %s', async (tokenType) => {
    server.answer({ json: { access_token: 't', token_type: tokenType } });
    expect((await request(source())).tokenType).toBe('DPoP');
  });

  it('and one that is bound, where nobody asked for it, are no bearer tokens', async () => {
    await expect(request(clientCredentials(plain()))).rejects.toMatchObject({ kind: 'malformed' });
  });
});
