import { describe, expect, it, onTestFinished } from 'vitest';
import { fetchAuth } from '../../../src/adapters/fetch.ts';
import { AuthBearer } from '../../../src/authenticators/bearer.ts';
import { ConfigurationError } from '../../../src/errors.ts';
import { startProtectedApi } from '../../helpers/protected-api.ts';

async function setUp() {
  const api = await startProtectedApi();
  onTestFinished(() => api.close());
  api.accept('good');
  return api;
}

const bearer = () => new AuthBearer(() => 'good');

describe('a base URL', () => {
  it.each([
    ['/reports', '/reports'],
    ['reports', '/v1/reports'],
    ['../other?a=1', '/other'],
    ['', '/v1/'],
  ])('resolves %j', async (input, path) => {
    const api = await setUp();
    const send = fetchAuth(bearer(), { baseUrl: api.url('/v1/') });

    expect((await send(input)).status).toBe(200);
    expect(api.hits.map((hit) => hit.path)).toEqual([path]);
  });

  it('binds: an absolute URL elsewhere goes out unsigned, `//host` included', async () => {
    const [api, other] = [await setUp(), await setUp()];
    const send = fetchAuth(bearer(), { baseUrl: new URL(api.origin) });

    const answers = [await send(api.url('/a')), await send(other.url('/b')), await send(other.url('/c').slice(5))];

    expect(answers.map(({ status }) => status)).toEqual([200, 401, 401]);
    expect(other.hits.map(({ headers }) => headers.authorization)).toEqual([undefined, undefined]);
  });

  it('makes URLs absolute for a fetch that wants them so', async () => {
    const seen: unknown[] = [];
    const app = async (input: RequestInfo | URL) => {
      seen.push(input);
      return new Response();
    };

    await fetchAuth(bearer(), { baseUrl: 'http://localhost', fetch: app })('/reports');

    expect(seen).toEqual(['http://localhost/reports']);
  });

  it.each(['/v1', 'ftp://api.example.com', ''])('must be absolute, and not %j', (baseUrl) => {
    expect(() => fetchAuth(bearer(), { baseUrl })).toThrow(ConfigurationError);
    expect(() => fetchAuth(bearer(), { baseUrl })).toThrow(/'baseUrl'/);
  });
});
