import * as undici from 'undici';
import { describe, expect, it, onTestFinished } from 'vitest';
import { fetchAuth } from '../../../src/adapters/fetch.ts';
import { AuthBearer } from '../../../src/authenticators/bearer.ts';
import { ConfigurationError } from '../../../src/errors.ts';
import { deferred } from '../../helpers/deferred.ts';
import { type ProtectedApi, startProtectedApi } from '../../helpers/protected-api.ts';

async function testApi(): Promise<ProtectedApi> {
  const api = await startProtectedApi();
  onTestFinished(() => api.close());
  return api;
}

/** A bearer whose first token is refused by the server, and whose tokens come when the test says so. */
async function lateBearer() {
  const [api, other] = [await testApi(), await testApi()];
  api.accept('good');
  other.accept('good');
  const gate = deferred<void>();
  let asked = 0;
  const auth = new AuthBearer(async () => {
    await gate.promise;
    asked += 1;
    return asked === 1 ? 'worn-out' : 'good';
  });
  return { api, other, release: () => gate.resolve(), send: fetchAuth(auth, { origins: [api.origin] }) };
}

describe('what a caller does to his objects after the call', () => {
  it('changes no URL: the token of one tenant goes to no other', async () => {
    const { api, other, release, send } = await lateBearer();
    const url = new URL(api.url('/mine'));
    const answer = send(url);
    url.host = new URL(other.origin).host;
    url.pathname = '/theirs';
    release();

    expect((await answer).status).toBe(200);
    expect(api.hits.map(({ path }) => path)).toEqual(['/mine', '/mine']);
    expect(other.hits).toEqual([]);
  });

  it.each<[string, () => [RequestInit, () => void]]>([
    [
      'a record of headers',
      () => {
        const headers: Record<string, string> = { 'x-trace': 'one' };
        return [{ headers }, () => Object.assign(headers, { 'x-trace': 'two' })];
      },
    ],
    [
      'Headers',
      () => {
        const headers = new Headers({ 'x-trace': 'one' });
        return [{ headers }, () => headers.set('x-trace', 'two')];
      },
    ],
    [
      'pairs',
      () => {
        const pair: [string, string] = ['x-trace', 'one'];
        return [{ headers: [pair] }, () => pair.splice(1, 1, 'two')];
      },
    ],
    [
      'init',
      () => {
        const init: RequestInit = { headers: { 'x-trace': 'one' } };
        return [init, () => Object.assign(init, { headers: { 'x-trace': 'two' }, method: 'DELETE' })];
      },
    ],
  ])('changes no %s', async (_name, make) => {
    const { api, release, send } = await lateBearer();
    const [init, change] = make();
    const answer = send(api.url('/'), init);
    change();
    release();

    expect((await answer).status).toBe(200);
    expect(api.hits.map(({ method, headers }) => [method, headers['x-trace']])).toEqual([
      ['GET', 'one'],
      ['GET', 'one'],
    ]);
  });

  it.each<[string, () => [BodyInit, () => void]]>([
    [
      'bytes',
      () => {
        const bytes = new TextEncoder().encode('one');
        return [bytes, () => bytes.fill(0)];
      },
    ],
    [
      'a buffer',
      () => {
        const bytes = new TextEncoder().encode('one');
        return [bytes.buffer as ArrayBuffer, () => bytes.fill(0)];
      },
    ],
    [
      'parameters',
      () => {
        const parameters = new URLSearchParams('one');
        return [parameters, () => parameters.set('two', '2')];
      },
    ],
    [
      'a form',
      () => {
        const form = new FormData();
        form.set('one', '1');
        return [form, () => form.set('two', '2')];
      },
    ],
  ])('changes no body: %s', async (_name, make) => {
    const { api, release, send } = await lateBearer();
    const [same] = make();
    await fetch(api.url('/plain'), { method: 'POST', body: same });
    const [body, change] = make();
    const answer = send(api.url('/'), { method: 'POST', body });
    change();
    release();

    expect((await answer).status).toBe(200);
    const length = api.hits[0]?.headers['content-length'];
    expect(api.hits.slice(1).map(({ bodySha256 }) => bodySha256)).toEqual(Array(2).fill(api.hits[1]?.bodySha256));
    if (!(same instanceof FormData)) {
      expect(api.hits.map(({ bodySha256 }) => bodySha256)).toEqual(Array(3).fill(api.hits[0]?.bodySha256));
      expect(api.hits.map(({ headers }) => headers['content-length'])).toEqual(Array(3).fill(length));
      expect(api.hits.map(({ contentType }) => contentType)).toEqual(Array(3).fill(api.hits[0]?.contentType));
    }
  });
});

describe('what cannot be read', () => {
  it('is an error before anything is sent: a relative URL without a base, through a fetch of its own', async () => {
    const sent: unknown[] = [];
    const own = async (input: RequestInfo | URL) => {
      sent.push(input);
      return new Response();
    };
    const send = fetchAuth(new AuthBearer(() => 'good'), { origins: ['https://api.example.com'], fetch: own });

    await expect(send('/reports')).rejects.toThrow(ConfigurationError);
    await expect(send('/reports')).rejects.toThrow(/baseUrl/);
    await expect(
      send('https://api.example.com', { headers: { 'x-a': 'b' }, signal: {} as AbortSignal }),
    ).rejects.toThrow(TypeError);
    expect(sent).toEqual([]);
  });

  it('is read by its shape: a Request of another implementation, with no signal', async () => {
    class OtherRequest {
      readonly url = 'https://api.example.com/a';
      readonly method = 'GET';
      readonly headers = new Headers({ 'x-a': 'b' });
      readonly signal = null;
      readonly body = null;
      clone() {
        return this;
      }
    }
    const seen: (string | null)[] = [];
    const own = async (_input: unknown, init?: RequestInit) => {
      seen.push(new Headers(init?.headers).get('authorization'), new Headers(init?.headers).get('x-a'));
      return new Response();
    };
    const send = fetchAuth(new AuthBearer(() => 'good'), { baseUrl: 'https://api.example.com', fetch: own });

    await send(new OtherRequest() as unknown as Request);

    expect(seen).toEqual(['Bearer good', 'b']);
  });

  it("is read by its shape: a Request of the package undici, with a body, through that package's fetch", async () => {
    const { api, release } = await lateBearer();
    const gate = deferred<void>();
    let asked = 0;
    const auth = new AuthBearer(async () => {
      await gate.promise;
      asked += 1;
      return asked === 1 ? 'worn-out' : 'good';
    });
    const send = fetchAuth(auth, { baseUrl: api.origin, fetch: undici.fetch as unknown as typeof fetch });
    const request = new undici.Request(api.url('/upload'), { method: 'POST', body: 'in it' });
    const answer = send(request as unknown as Request);
    release();
    gate.resolve();

    expect((await answer).status).toBe(200);
    expect(api.hits.map(({ bodySha256 }) => bodySha256)).toEqual(Array(2).fill(api.hits[0]?.bodySha256));
    expect(api.hits[0]?.bodyLength ?? 5).toBe(5);
  });

  it("is told by its tag: the package undici's FormData is sent again", async () => {
    const { api, release, send } = await lateBearer();
    const form = new undici.FormData();
    form.set('name', 'value');
    release();

    expect((await send(api.url('/form'), { method: 'POST', body: form as unknown as FormData })).status).toBe(200);
    expect(api.hits.map(({ contentType }) => contentType?.split(';')[0])).toEqual(Array(2).fill('multipart/form-data'));
  });
});
