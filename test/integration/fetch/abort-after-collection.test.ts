import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import ky from 'ky';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { fetchAuth } from '../../../src/adapters/fetch.ts';
import { kyAuth } from '../../../src/adapters/ky.ts';
import { AuthQuery } from '../../../src/authenticators/query.ts';
import { hang, type ProtectedApi, startProtectedApi } from '../../helpers/protected-api.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
let api: ProtectedApi;
let collecting: NodeJS.Timeout;

beforeEach(async () => {
  api = await startProtectedApi();
  api.on('/hanging', hang());
  collecting = setInterval(collect, 3);
});
afterEach(async () => {
  clearInterval(collecting);
  await api.close();
});

/** Node listens to a Request's signal by weak references. */
it.each([
  [
    'fetch',
    (url: string, signal: AbortSignal) => fetchAuth(auth(), { origins: [api.origin] })(new Request(url, { signal })),
  ],
  [
    'ky',
    (url: string, signal: AbortSignal) =>
      ky.create({ timeout: false, retry: 0 }).extend(kyAuth(auth(), { origins: [api.origin] }))(url, { signal }),
  ],
])(
  '%s: an abort ends a call whose Request could have been collected',
  async (_name, send) => {
    const controller = new AbortController();
    const call = send(api.url('/hanging'), controller.signal);
    await api.arrived(1);
    // Long enough for several collections.
    setTimeout(() => controller.abort(), 200);
    await expect(call).rejects.toMatchObject({ name: 'AbortError' });
  },
  10_000,
);

function auth(): AuthQuery {
  return new AuthQuery({ name: 'key', key: 'key-of-the-query-1' });
}
