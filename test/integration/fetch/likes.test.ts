import { expect, it, onTestFinished } from 'vitest';
import { fetchAuth } from '../../../src/adapters/fetch.ts';
import { AuthBasic } from '../../../src/authenticators/basic.ts';
import { startProtectedApi } from '../../helpers/protected-api.ts';

it('an object that says one URL and is sent to another one gets no credential', async () => {
  const home = 'http://127.0.0.1:9';
  const foreign = await startProtectedApi();
  onTestFinished(() => foreign.close());
  const api = fetchAuth(new AuthBasic({ username: 'ada', password: 'pw-of-ada' }), { origins: [home] });
  const like = new Request(`${home}/`);
  const liar = {
    ...{ url: `${home}/`, method: 'GET', headers: like.headers, body: null, signal: null },
    clone: () => liar,
    toString: () => foreign.url('/elsewhere'),
  };

  await (await api(liar as never)).text();

  expect(foreign.hits).toHaveLength(1);
  expect(foreign.hits[0]?.headers).not.toHaveProperty('authorization');
});
