import { cacheStores, type Dispatcher, interceptors } from 'undici';
import { describe, expect, it, onTestFinished } from 'vitest';
import { undiciAuth } from '../../../src/adapters/undici.ts';
import { ConfigurationError } from '../../../src/errors.ts';
import { testAgent } from '../../helpers/clients/pool.ts';
import { guarded, startProtectedApi } from '../../helpers/protected-api.ts';
import { type Placement, placements, TestAuth } from '../../helpers/test-auth.ts';
import { TokenIssuer } from '../../helpers/token-issuer.ts';

type Interceptor = Dispatcher.DispatcherComposeInterceptor;

const decompress = interceptors.decompress();

/** Two users of one API, each with an agent of his own. */
async function twoUsers(
  placement: Placement,
  layers: (auth: Interceptor) => Interceptor[],
  cacheControl = 'max-age=60',
) {
  const api = await startProtectedApi();
  onTestFinished(() => api.close());
  let count = 0;
  api.on(
    '/me',
    guarded(({ response }) => {
      count += 1;
      response.writeHead(200, { 'cache-control': cacheControl, vary: 'authorization' }).end(`answer ${count}`);
    }),
  );
  const tokens: string[] = [];
  const user = async () => {
    const issuer = new TokenIssuer(api);
    const auth = undiciAuth(new TestAuth(issuer, placement), { origins: [api.origin] });
    const agent = testAgent().compose(...layers(auth));
    const get = async (path: string) => {
      const { body, headers } = await agent.request({ origin: api.origin, path, method: 'GET' });
      return { text: await body.text(), headers };
    };
    await get('/warm-up');
    tokens.push(issuer.latest);
    return () => get('/me');
  };
  const users = [await user(), await user()] as const;
  api.accept(...tokens);
  return users;
}

describe.each(placements)('a cache above us, credential in %s', (placement) => {
  it.each([
    ['directly', []],
    ['over decompress', [decompress]],
    ['over redirect and retry', [interceptors.redirect({ maxRedirections: 2 }), interceptors.retry()]],
  ])("gives nobody another user's answer: %s", async (_name, between) => {
    const cache = interceptors.cache({ store: new cacheStores.MemoryCacheStore() });
    const [ada, bob] = await twoUsers(placement, (auth) => [auth, ...between, cache]);

    expect((await ada()).text).toBe('answer 1');
    expect((await bob()).text).toBe('answer 2');
  });
});

it.each(['max-age=60', 'public, max-age=60'])('a cache below us tells users by Authorization: %s', async (control) => {
  const cache = interceptors.cache({ store: new cacheStores.MemoryCacheStore() });
  const [ada, bob] = await twoUsers('authorization', (auth) => [cache, auth], control);

  expect((await ada()).text).toBe('answer 1');
  expect((await bob()).text).toBe('answer 2');
  expect((await ada()).text).toBe(control.startsWith('public') ? 'answer 1' : 'answer 3');
});

it('leaves a response as it is where nobody above can keep it', async () => {
  const [ada] = await twoUsers('header', (auth) => [auth, interceptors.redirect({ maxRedirections: 2 })]);

  expect((await ada()).headers.vary).toBe('authorization');
});

it('deduplicate() is refused above us', async () => {
  const users = twoUsers('authorization', (auth) => [auth, interceptors.deduplicate()]);

  await expect(users).rejects.toThrow(ConfigurationError);
});

it('deduplicate() below us merges no two users', async () => {
  const merging = interceptors.deduplicate();
  const [ada, bob] = await twoUsers('header', (auth) => [merging, auth]);

  const answers = await Promise.all([ada(), bob()]);

  expect(new Set(answers.map(({ text }) => text)).size).toBe(2);
});
