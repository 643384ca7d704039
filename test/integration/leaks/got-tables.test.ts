import { Console } from 'node:console';
import got, { type ExtendOptions, type HTTPError } from 'got';
import { expect, it } from 'vitest';
import { gotAuth } from '../../../src/adapters/got.ts';
import { AuthApiKey } from '../../../src/authenticators/api-key.ts';
import { AuthQuery } from '../../../src/authenticators/query.ts';
import { findMarks } from '../../helpers/leaks-forms.ts';
import { markedSecret } from '../../helpers/leaks-mark.ts';
import { paper } from '../../helpers/leaks-printers.ts';
import { fail } from '../../helpers/protected-api.ts';
import { testApi } from '../contract/fixture.ts';

// console.table reads properties by itself: neither toJSON nor a custom inspection keeps it from anything.
it.each([
  ['header', new AuthApiKey({ header: 'x-api-key', key: markedSecret('header') })],
  ['query', new AuthQuery({ name: 'api_key', key: markedSecret('header') })],
])('a table of an answer shows no credential of the %s', async (_place, auth) => {
  const api = await testApi();
  api.on('/', fail(403));
  const client = got.extend(gotAuth(auth, { origins: [api.origin] }) as ExtendOptions, { retry: { limit: 0 } });
  const error = await client(api.url('/')).catch((reason: unknown) => reason);
  const { response } = error as HTTPError;
  const { stream, take } = paper();

  const printed = new Console({ stdout: stream });
  for (const value of [response, response.request, Reflect.get(response, 'req')]) printed.table(value);

  expect(findMarks(JSON.stringify(api.hits))).not.toEqual([]);
  expect(findMarks(take())).toEqual([]);
});
