import { expect, it, onTestFinished } from 'vitest';
import { undiciAuth } from '../../../src/adapters/undici.ts';
import { testAgent } from '../../helpers/clients/pool.ts';
import { startProtectedApi } from '../../helpers/protected-api.ts';
import { TestAuth } from '../../helpers/test-auth.ts';
import { TokenIssuer } from '../../helpers/token-issuer.ts';

async function setUp() {
  const api = await startProtectedApi();
  onTestFinished(() => api.close());
  const issuer = new TokenIssuer(api);
  const agent = testAgent().compose(undiciAuth(new TestAuth(issuer), { origins: [api.origin] }));
  const get = (more: object = {}) => agent.request({ origin: api.origin, path: '/', method: 'GET', ...more });
  return { api, issuer, get };
}

it('headersTimeout of a call limits its wait for a credential, with the error of undici', async () => {
  const { api, issuer, get } = await setUp();
  const release = issuer.hold();
  await expect(get({ headersTimeout: 200 })).rejects.toMatchObject({ code: 'UND_ERR_HEADERS_TIMEOUT' });
  expect(api.hits).toHaveLength(0);
  release();
  expect((await get()).statusCode).toBe(200);
});

it('headersTimeout limits the wait for a renewal', async () => {
  const { issuer, get } = await setUp();
  await (await get()).body.dump();
  issuer.expire();
  issuer.hold();
  await expect(get({ headersTimeout: 200 })).rejects.toMatchObject({ code: 'UND_ERR_HEADERS_TIMEOUT' });
});

it("the signal of a call ends its wait at once, and nobody else's", async () => {
  const { issuer, get } = await setUp();
  const release = issuer.hold();
  const other = get();
  await expect(get({ signal: AbortSignal.timeout(100) })).rejects.toMatchObject({ name: 'TimeoutError' });
  release();
  expect((await other).statusCode).toBe(200);
});
