import { interceptors } from 'undici';
import { expect, it, onTestFinished } from 'vitest';
import { undiciAuth } from '../../../src/adapters/undici.ts';
import { testAgent } from '../../helpers/clients/pool.ts';
import { echo, mentions, redirect, startProtectedApi } from '../../helpers/protected-api.ts';
import { TestAuth } from '../../helpers/test-auth.ts';
import { TokenIssuer } from '../../helpers/token-issuer.ts';

async function testApi() {
  const api = await startProtectedApi();
  onTestFinished(() => api.close());
  return api;
}

const follow = interceptors.redirect({ maxRedirections: 3 });
const retry = interceptors.retry({ maxRetries: 2, minTimeout: 1, maxTimeout: 1 });
const second = undiciAuth(new TestAuth(new TokenIssuer(), 'cookie'), { origins: '*' });

it.each([
  ['directly above us', [follow]],
  ['above retry', [retry, follow]],
  ['below retry', [follow, retry]],
  ['above decompress', [interceptors.decompress(), follow]],
  ['above another authenticator', [second, follow]],
])('redirect %s: back at home after a foreign hop, nothing is signed', async (_name, above) => {
  const [api, other] = [await testApi(), await testApi()];
  const issuer = new TokenIssuer(api);
  const agent = testAgent().compose(undiciAuth(new TestAuth(issuer), { origins: [api.origin] }), ...above);
  api.on('/', redirect(307, other.url('/away')));
  other.on('/away', redirect(307, api.url('/transfer')));
  api.on('/transfer', echo());

  await (await agent.request({ origin: api.origin, path: '/', method: 'POST', body: 'x' })).body.dump();

  const signed = [...api.hits, ...other.hits].filter((hit) => mentions(hit, issuer.latest)).map(({ path }) => path);
  expect(signed).toEqual(['/']);
  expect(api.hitsOf('/transfer')[0]?.method).toBe('POST');
});
