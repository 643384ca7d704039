import { decodeJwt } from 'jose';
import { describe, expect, it } from 'vitest';
import { AuthBearer } from '../../../src/authenticators/bearer.ts';
import { Dpop } from '../../../src/oauth/dpop.ts';
import { drivers } from '../../helpers/clients.ts';
import { echo, type Hit, type ProtectedApi, redirect } from '../../helpers/protected-api.ts';
import { bound, outcome, testApi } from './fixture.ts';

const source = () => ({
  requestToken: async () => ({ accessToken: 'token-1', tokenType: 'DPoP' }),
  proof: new Dpop(),
});
const proofOf = ({ headers }: Hit) => (headers.dpop === undefined ? undefined : decodeJwt(String(headers.dpop)));

describe.each(drivers)('$name', (driver) => {
  const sender = (api: ProtectedApi) => driver.create(new AuthBearer(source()), bound(api));

  it.each(['GET', 'POST', 'DELETE'])('proves the method and the address of a %s', async (method) => {
    const api = await testApi();
    api.on('/a%20b', echo());
    const body = method === 'POST' ? { json: { a: 1 } } : {};
    await outcome(driver, sender(api)({ url: `${api.url('/a%20b')}?q=1`, method, ...body }));
    const [hit] = api.hits;
    expect(hit && proofOf(hit)).toMatchObject({ htm: method, htu: `${api.origin}/a%20b` });
    expect(hit?.headers.authorization).toBe('DPoP token-1');
  });

  it('proves each hop of a redirect anew', async () => {
    const api = await testApi();
    api.on('/start', redirect(302, '/landing'));
    api.on('/landing', echo());
    await outcome(driver, sender(api)({ url: api.url('/start') }));
    const proofs = api.hits.map(proofOf);
    const late = driver.capabilities.signsHopsLate;
    expect(proofs.map((proof) => proof?.htu)).toEqual([api.url('/start'), late ? api.url('/landing') : undefined]);
    expect(proofs[0]?.jti).not.toBe(proofs[1]?.jti);
    expect(api.hits.map(({ headers }) => 'authorization' in headers)).toEqual([true, late]);
  });

  it('shows no proof to a foreign server', async () => {
    const [api, evil] = [await testApi(), await testApi()];
    api.on('/start', redirect(307, evil.url('/landing')));
    evil.on('/landing', echo());
    await outcome(driver, sender(api)({ url: api.url('/start') }));
    expect(evil.hits.map(({ headers }) => [headers.dpop, headers.authorization])).toEqual([[undefined, undefined]]);
  });
});
