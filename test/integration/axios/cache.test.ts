import axios from 'axios';
import { buildMemoryStorage, setupCache } from 'axios-cache-interceptor';
import { describe, expect, it } from 'vitest';
import { axiosAuth } from '../../../src/adapters/axios.ts';
import { guarded } from '../../helpers/protected-api.ts';
import { placements, TestAuth } from '../../helpers/test-auth.ts';
import { TokenIssuer } from '../../helpers/token-issuer.ts';
import { testApi } from './fixture.ts';

/** Two users of one API, who share a cache. */
async function twoUsers(order: string, placement: (typeof placements)[number]) {
  const api = await testApi();
  let count = 0;
  api.on(
    '/me',
    guarded(({ response }) => {
      count += 1;
      response.writeHead(200, { 'cache-control': 'max-age=60', vary: 'accept' }).end(`answer ${count}`);
    }),
  );
  const storage = buildMemoryStorage();
  const tokens: string[] = [];
  const user = async () => {
    const issuer = new TokenIssuer(api);
    const client = axios.create({ baseURL: api.origin, responseType: 'text' });
    const auth = axiosAuth(new TestAuth(issuer, placement));
    if (order === 'auth first') client.interceptors.request.use(auth);
    setupCache(client as never, { storage });
    if (order === 'cache first') client.interceptors.request.use(auth);
    await client.get('/warm-up');
    tokens.push(issuer.latest);
    return () => client.get<string>('/me').then(({ data }) => data);
  };
  const users = [await user(), await user()] as const;
  api.accept(...tokens);
  return users;
}

describe.each(['auth first', 'cache first'])('axios-cache-interceptor, %s', (order) => {
  it.each(placements)("gives nobody another user's answer (credential in %s)", async (placement) => {
    const [ada, bob] = await twoUsers(order, placement);

    expect(await ada()).toBe('answer 1');
    expect(await bob()).toBe('answer 2');
  });

  it.each(placements)('nor does it merge their requests (credential in %s)', async (placement) => {
    const [ada, bob] = await twoUsers(order, placement);

    const answers = await Promise.all([ada(), bob()]);

    expect(new Set(answers).size).toBe(2);
  });
});
