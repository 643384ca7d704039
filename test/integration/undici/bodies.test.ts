import { EventEmitter } from 'node:events';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { FormData as UndiciFormData } from 'undici';
import { describe, expect, it, onTestFinished } from 'vitest';
import { undiciAuth } from '../../../src/adapters/undici.ts';
import {
  type AuthContext,
  Authenticator,
  type AuthRequest,
  type AuthResponse,
} from '../../../src/lifecycle/contract.ts';
import { testAgent } from '../../helpers/clients/pool.ts';
import { deferred } from '../../helpers/deferred.ts';
import { echo, guarded, type Responder, refuse, sequence, startProtectedApi } from '../../helpers/protected-api.ts';
import { TestAuth } from '../../helpers/test-auth.ts';
import { TokenIssuer } from '../../helpers/token-issuer.ts';

async function setUp(connections?: number) {
  const api = await startProtectedApi();
  onTestFinished(() => api.close());
  const issuer = new TokenIssuer(api);
  const agent = testAgent(connections).compose(undiciAuth(new TestAuth(issuer), { origins: [api.origin] }));
  const get = (path = '/') => agent.request({ origin: api.origin, path, method: 'GET' });
  await (await get()).body.dump();
  issuer.expire();
  api.forget();
  return { api, issuer, agent, get };
}

/** An agent whose authenticator finds, after a while, that it has nothing better than what was refused. */
function unchanging(origin: string) {
  const decide = deferred();
  const auth = new (class extends Authenticator<string> {
    authenticate({ refused }: AuthContext<string>) {
      return refused === undefined ? 'the only one' : decide.promise.then(() => refused.credential);
    }
    modifyRequest(request: AuthRequest, key: string) {
      request.headers.set('x-api-key', key);
    }
  })();
  return { decide, agent: testAgent(1).compose(undiciAuth(auth, { origins: [origin] })) };
}

const sizes = [0, 20_000, 65_536, 70_000, 1_000_000].flatMap((bodyBytes) =>
  [false, true].map((chunked) => ({ bodyBytes, chunked })),
);

describe('a refused answer', () => {
  it('that stays open is not waited for', { timeout: 5000 }, async () => {
    const { api, get } = await setUp(1);
    const open: Responder = ({ response }) => {
      response.writeHead(401, { 'www-authenticate': 'Bearer' });
      response.write('some of it');
    };
    api.on('/', guarded(echo(), open));

    expect((await get()).statusCode).toBe(200);
  });

  it.each(sizes)('never blocks the only connection ($bodyBytes bytes, chunked: $chunked)', async (refusal) => {
    const { api, issuer, get } = await setUp(1);
    api.on('/', guarded(echo(), refuse(refusal)));

    for (let cycle = 0; cycle < 5; cycle += 1) {
      expect(await (await get()).body.json()).toMatchObject({ path: '/' });
      issuer.expire();
    }

    expect(issuer.requests).toBe(6);
    expect(api.hits).toHaveLength(10);
    // A small body is read, so that its connection goes on; a large one costs its connection.
    expect(api.connectionCount).toBe(refusal.bodyBytes > 65_536 ? 6 : 1);
  });

  it.each(sizes)(
    'that stands after a resend reaches the caller whole ($bodyBytes, chunked: $chunked)',
    async (refusal) => {
      const { api, issuer, get } = await setUp(1);
      issuer.issueWorthless();
      api.on('/', refuse(refusal));

      const { statusCode, headers, body } = await get();

      expect(statusCode).toBe(401);
      expect(headers['www-authenticate']).toContain('invalid_token');
      expect(await body.text()).toBe('r'.repeat(refusal.bodyBytes));
      expect(api.hits).toHaveLength(2);
    },
  );

  it.each(sizes)(
    'that was held back and stands reaches the caller whole ($bodyBytes, chunked: $chunked)',
    async (refusal) => {
      const api = await startProtectedApi();
      onTestFinished(() => api.close());
      api.on('/', refuse(refusal));
      const { agent, decide } = unchanging(api.origin);
      const answer = agent.request({ origin: api.origin, path: '/', method: 'GET', highWaterMark: 1 });
      await api.arrived(1);
      decide.resolve();

      const { statusCode, body } = await answer;
      let length = 0;
      for await (const chunk of body as AsyncIterable<Buffer>) length += chunk.length;

      expect([statusCode, length]).toEqual([401, refusal.bodyBytes]);
      expect(api.hits).toHaveLength(1);
    },
  );

  it('leaves its connection to the renewal, which may need it', async () => {
    const api = await startProtectedApi();
    onTestFinished(() => api.close());
    api.on('/token', echo());
    api.accept('new');
    api.on('/', guarded(echo(), refuse({ bodyBytes: 20_000 })));
    const plain = testAgent(1);
    const auth = new (class extends Authenticator<string> {
      async authenticate({ refused }: AuthContext<string>) {
        if (refused === undefined) return 'old';
        await (await plain.request({ origin: api.origin, path: '/token', method: 'POST' })).body.dump();
        return 'new';
      }
      modifyRequest(request: AuthRequest, key: string) {
        request.headers.set('x-api-key', key);
      }
    })();
    const agent = plain.compose(undiciAuth(auth, { origins: [api.origin] }));

    const { statusCode } = await agent.request({ origin: api.origin, path: '/', method: 'GET' });

    expect(statusCode).toBe(200);
    expect(api.hits.map((hit) => hit.path)).toEqual(['/', '/token', '/']);
    expect(api.connectionCount).toBe(1);
  });

  it('whose connection breaks off is resent all the same', async () => {
    const { api, issuer, get } = await setUp();
    const broken: Responder = ({ response }) => {
      response.writeHead(401, { 'content-length': 1000 });
      response.write('only a part', () => response.destroy());
    };
    api.on('/', guarded(echo(), broken));

    expect((await get()).statusCode).toBe(200);
    expect(issuer.requests).toBe(2);
  });
});

describe('an authenticator that reads the answer', () => {
  const failed = JSON.stringify({ error: 'token expired' });
  const respond =
    (headers: Record<string, string>, body: string | Buffer): Responder =>
    ({ response }) =>
      void response.writeHead(200, headers).end(body);

  class AuthByText extends TestAuth {
    readonly texts: string[] = [];
    override async checkResult(response: AuthResponse): Promise<boolean> {
      const text = (await response.readText?.()) ?? '';
      this.texts.push(text);
      return !text.includes('token expired');
    }
  }

  async function setUpText() {
    const { api, issuer } = await setUp();
    const auth = new AuthByText(issuer);
    const agent = testAgent().compose(undiciAuth(auth, { origins: [api.origin] }));
    return { api, issuer, auth, get: () => agent.request({ origin: api.origin, path: '/', method: 'GET' }) };
  }

  it.each([
    ['plain', {}, failed],
    ['gzip', { 'content-encoding': 'gzip' }, gzipSync(failed)],
    ['x-gzip twice', { 'content-encoding': 'x-gzip, gzip' }, gzipSync(gzipSync(failed))],
    ['with a large rest', {}, failed + ' '.repeat(300_000)],
  ])('gets its text (%s)', async (_name, headers, body) => {
    const { api, auth, get } = await setUpText();
    api.on('/', sequence(respond(headers, body), echo()));

    const answer = await get();

    expect(await answer.body.json()).toMatchObject({ path: '/' });
    expect(auth.texts[0]?.trim()).toBe(failed);
    expect(api.hits).toHaveLength(2);
  });

  it('gets at most 1 MiB of it, and the caller gets all', async () => {
    const { api, auth, get } = await setUpText();
    api.on('/', respond({}, 'x'.repeat(3_000_000)));

    const answer = await get();

    expect(await answer.body.text()).toHaveLength(3_000_000);
    expect(auth.texts.map((text) => text.length)).toEqual([1024 * 1024]);
  });

  it.each([
    ['cannot be decoded', { 'content-encoding': 'zstd' }, 'anything', ''],
    ['is cut short', { 'content-encoding': 'gzip' }, gzipSync('whole text'.repeat(1000)).subarray(0, -8), 'whole text'],
    ['is empty', {}, '', ''],
  ])('gets what can be read of a body that %s', async (_name, headers, body, beginning) => {
    const { api, auth, get } = await setUpText();
    api.on('/', respond(headers, body));

    expect((await get()).statusCode).toBe(200);
    expect(auth.texts[0]?.slice(0, 10)).toBe(beginning);
  });
});

describe('a body', () => {
  it.each([
    ['FormData of Node', () => new FormData()],
    ['FormData of undici', () => new UndiciFormData()],
  ])('%s is resent as the same bytes under the same boundary', async (_name, make) => {
    const { api, agent } = await setUp();
    const body = make();
    body.append('field', 'value');
    body.append('file', new File(['content'], 'name.txt', { type: 'text/plain' }));

    const { statusCode } = await agent.request({ origin: api.origin, path: '/', method: 'POST', body: body as never });

    expect(statusCode).toBe(200);
    const [first, second] = api.hits;
    expect(second?.bodySha256).toBe(first?.bodySha256);
    expect(second?.contentType).toBe(first?.contentType);
    const form = await new Response(first?.body, { headers: { 'content-type': first?.contentType ?? '' } }).formData();
    expect([...form.keys()]).toEqual(['field', 'file']);
  });

  it('that fails while its request waits for a credential fails the request, not the process', async () => {
    const { api, issuer, agent } = await setUp();
    api.revoke(...issuer.issued);
    const release = issuer.hold();
    const waiting = agent.request({ origin: api.origin, path: '/', method: 'GET' });
    await issuer.asked(2);
    const body = new Readable({ read() {} });
    const upload = agent.request({ origin: api.origin, path: '/upload', method: 'POST', body });

    body.destroy(new Error('no such file'));

    await expect(upload).rejects.toThrow('no such file');
    release();
    expect((await waiting).statusCode).toBe(200);
    expect(api.hitsOf('/upload')).toHaveLength(0);
    expect(body.listenerCount('error')).toBeLessThanOrEqual(2);
  });

  it('made for a request that is aborted meanwhile is closed', async () => {
    const { api, agent } = await setUp();
    const made = deferred<Readable>();
    const body = new Readable({ read() {} });
    const signal = new EventEmitter();
    const upload = agent.request({
      ...{ origin: api.origin, path: '/upload', method: 'POST', signal },
      bodyFactory: () => made.promise,
    } as never);

    signal.emit('abort');

    await expect(upload).rejects.toMatchObject({ name: 'AbortError', code: 'UND_ERR_ABORTED' });
    made.resolve(body);
    await new Promise((resolve) => body.once('close', resolve));
    expect(api.hits).toHaveLength(0);
  });
});
