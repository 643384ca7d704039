import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import ky from 'ky';
import { describe, expect, it, onTestFinished } from 'vitest';
import { fetchAuth } from '../../../src/adapters/fetch.ts';
import { kyAuth } from '../../../src/adapters/ky.ts';
import { AuthBearer } from '../../../src/authenticators/bearer.ts';
import { AuthQuery } from '../../../src/authenticators/query.ts';
import { AuthError, ConfigurationError } from '../../../src/errors.ts';
import { deferred } from '../../helpers/deferred.ts';
import { echo, type ProtectedApi, redirect, startProtectedApi } from '../../helpers/protected-api.ts';

async function testApi(): Promise<ProtectedApi> {
  const api = await startProtectedApi();
  onTestFinished(() => api.close());
  return api;
}

describe('a fetch that follows redirects by itself', () => {
  it('is an error, and gets no second credential', async () => {
    const api = await testApi();
    api.accept('good');
    api.on('/start', redirect(302, '/landing'));
    api.on('/landing', echo());
    const disobedient = (input: RequestInfo | URL, init?: RequestInit) => fetch(input, { ...init, redirect: 'follow' });
    const send = fetchAuth(new AuthBearer(() => 'good'), { baseUrl: api.origin, fetch: disobedient });

    await expect(send('/start')).rejects.toThrow(/'fetch'.*redirect: 'manual'/);
    await expect(send('/landing')).rejects.toThrow(ConfigurationError);
    expect(api.hits.map(({ path }) => path)).toEqual(['/start', '/landing']);
  });
});

describe('a fetch that is no method', () => {
  it('gets no receiver: browsers refuse to run theirs on another object', async () => {
    const receivers: unknown[] = [];
    function own(this: unknown): Promise<Response> {
      receivers.push(this);
      return Promise.resolve(new Response());
    }
    const send = fetchAuth(new AuthQuery({ name: 'api_key', key: 'good' }), {
      baseUrl: 'https://api.example.com',
      fetch: own,
    });

    await send('/');
    await send(new Request('https://api.example.com/', { method: 'POST', body: 'text' }));

    expect(receivers).toEqual([undefined, undefined]);
  });
});

describe('a refused answer whose body stays open', () => {
  it('does not hold up the resend', async () => {
    const server = createServer((request, response) => {
      if (request.headers.authorization === 'Bearer good') return void response.end('fine');
      response.writeHead(401);
      response.write('still talking');
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    let asked = 0;
    const auth = new AuthBearer(async () => (++asked === 1 ? 'worn-out' : 'good'));
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

    const response = await fetchAuth(auth, { baseUrl })('/', { signal: AbortSignal.timeout(5_000) });

    expect(await response.text()).toBe('fine');
  });
});

describe('a call that never gets its token', () => {
  it('cancels the stream that it would have sent', async () => {
    const auth = new AuthBearer(() => Promise.reject(new Error('no token today')));
    const send = fetchAuth(auth, { baseUrl: 'https://api.example.com' });
    const reasons: unknown[] = [];
    const body = new ReadableStream({ cancel: (reason) => void reasons.push(reason) });

    await expect(send('/upload', { method: 'POST', body, duplex: 'half' } as RequestInit)).rejects.toThrow(AuthError);
    await setImmediate();

    expect(reasons).toHaveLength(1);
  });
});

describe("a Request's own dispatcher", () => {
  it.each([
    [
      'fetch',
      (auth: AuthBearer, api: ProtectedApi, init: RequestInit) =>
        fetchAuth(auth, { baseUrl: api.origin })(new Request(api.url('/'), init)),
    ],
    [
      'ky',
      (auth: AuthBearer, api: ProtectedApi, init: RequestInit) =>
        ky.extend(kyAuth(auth, { origins: [api.origin] }))(api.url('/'), init),
    ],
  ])('sends the refused request again: %s', async (_client, send) => {
    const api = await testApi();
    api.accept('good');
    const paths: string[] = [];
    // The platform's, which is there once it has sent something.
    await fetch(api.url('/'));
    const platform = Reflect.get(globalThis, Symbol.for('undici.globalDispatcher.1'));
    const dispatcher = {
      dispatch(options: { path: string }, handler: unknown) {
        paths.push(options.path);
        return platform.dispatch(options, handler);
      },
    };
    const tokens = ['stale', 'good'];
    const auth = new AuthBearer(() => tokens.shift() ?? 'none');
    const init = { method: 'POST', body: 'text', dispatcher } as unknown as RequestInit;

    const response = await send(auth, api, init);

    expect(response.status).toBe(200);
    expect(paths).toEqual(['/', '/']);
  });
});

describe('a key in the query of a Request', () => {
  const key = (api: ProtectedApi) =>
    fetchAuth(new AuthQuery({ name: 'api_key', key: 'good' }), { baseUrl: api.origin });

  it('keeps text whole, its length known', async () => {
    const api = await testApi();
    api.accept('good');

    const response = await key(api)(
      new Request(api.url('/a'), { method: 'POST', body: 'text', headers: { 'X-A': 'b' } }),
    );

    expect(response.status).toBe(200);
    expect(response.url).toBe(api.url('/a'));
    expect(api.hits.map(({ headers }) => [headers['content-length'], headers['x-a']])).toEqual([['4', 'b']]);
  });

  it('holds nothing of a stream back', async () => {
    const begun = deferred<void>();
    const server = createServer((request, response) => {
      request.once('data', () => begun.resolve());
      request.on('end', () => response.end('fine'));
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const send = fetchAuth(new AuthQuery({ name: 'api_key', key: 'good' }), { baseUrl });
    const chunks = ['first', 'second'];
    const body = new ReadableStream({
      async pull(controller) {
        const chunk = chunks.shift();
        if (chunk === undefined) return controller.close();
        // The second one comes only when the server has the first.
        if (chunk === 'second') await begun.promise;
        controller.enqueue(new TextEncoder().encode(chunk));
      },
    });

    const response = await send(new Request(baseUrl, { method: 'POST', body, duplex: 'half' } as RequestInit));

    expect(await response.text()).toBe('fine');
  });
});
