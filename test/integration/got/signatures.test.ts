import { createHash } from 'node:crypto';
import http from 'node:http';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import FormDataPackage from 'form-data';
import type { OptionsOfTextResponseBody, RequestFunction } from 'got';
import { describe, expect, it, vi } from 'vitest';
import { type GotAuthContext, gotAuth } from '../../../src/adapters/got.ts';
import {
  type AuthContext,
  Authenticator,
  type AuthRequest,
  type AuthResponse,
  type Verdict,
} from '../../../src/lifecycle/contract.ts';
import { deferred } from '../../helpers/deferred.ts';
import { echo, fail, redirect, refuse, sequence } from '../../helpers/protected-api.ts';
import { failure, testApi, versions } from './fixture.ts';

/** Signs method, URL and body of every attempt anew, and takes its time for it. */
class SigningAuth extends Authenticator<number> {
  /** What each attempt was signed for. */
  readonly signed: string[] = [];
  asked = 0;

  authenticate({ refused }: AuthContext<number>): Promise<number> {
    this.asked += 1;
    return Promise.resolve(refused === undefined ? 1 : refused.credential + 1);
  }

  async modifyRequest(request: AuthRequest, credential: number): Promise<void> {
    const body = await request.readBody?.();
    const digest = body === undefined ? 'unknown' : createHash('sha256').update(body).digest('hex');
    this.signed.push(`${request.method} ${request.url.pathname}${request.url.search} ${request.origin}`);
    request.headers.set('x-signature', `${credential}:${digest}`);
  }
}

const bytes = Uint8Array.from({ length: 300 }, (_, index) => index % 256);

function formDataPackage(): FormDataPackage {
  const form = new FormDataPackage();
  form.append('field', 'text');
  form.append('file', Buffer.from(bytes), 'bytes.bin');
  return form;
}

function form(): FormData {
  const data = new FormData();
  data.append('field', 'text');
  data.append('file', new Blob([bytes]), 'bytes.bin');
  return data;
}

const readable: readonly { readonly kind: string; make(): OptionsOfTextResponseBody }[] = [
  { kind: 'no body', make: () => ({}) },
  { kind: 'JSON', make: () => ({ json: { a: 'ż' } }) },
  { kind: 'a form', make: () => ({ form: { a: 'b c' } }) },
  { kind: 'a string', make: () => ({ body: 'zażółć' }) },
  { kind: 'a Buffer', make: () => ({ body: Buffer.from(bytes) }) },
  { kind: 'a typed array', make: () => ({ body: new Uint16Array(bytes.buffer, 2, 50) as never }) },
  { kind: 'FormData', make: () => ({ body: form() as never }) },
  { kind: "form-data's FormData", make: () => ({ body: formDataPackage() as never }) },
  { kind: 'a factory of strings', make: () => ({ context: { bodyFactory: () => 'made' } satisfies GotAuthContext }) },
];

describe.each(versions)('$name', ({ got }) => {
  it.each(readable)('shows the authenticator the bytes that are sent, and resends them: $kind', async ({ make }) => {
    const api = await testApi();
    api.on('/signed', sequence(refuse(), echo()));
    const auth = new SigningAuth();

    await got.extend(gotAuth(auth, { origins: [api.origin] })).post(api.url('/signed?a=1'), make());

    expect(api.hits.map(({ headers }) => headers['x-signature'])).toEqual([
      `1:${api.hits[0]?.bodySha256}`,
      `2:${api.hits[0]?.bodySha256}`,
    ]);
    expect(api.hits[1]?.bodySha256).toBe(api.hits[0]?.bodySha256);
    expect(api.hits[1]?.contentType).toBe(api.hits[0]?.contentType);
    expect(auth.signed).toEqual(Array(2).fill(`POST /signed?a=1 ${api.origin}`));
  });

  it('shows it the body that a hook of the caller has made', async () => {
    const api = await testApi();
    api.on('/changed', sequence(fail(500), echo()));
    const beforeRequest = [
      (options: { body?: unknown; headers: Record<string, unknown> }) => {
        options.body = `${options.body}!`;
        options.headers['content-length'] = String(Buffer.byteLength(String(options.body)));
      },
    ];

    await got
      .extend(gotAuth(new SigningAuth(), { origins: [api.origin] }))
      .put(api.url('/changed'), { body: 'a', retry: { limit: 1 }, hooks: { beforeRequest: beforeRequest as never } });

    expect(api.hits.map(({ bodyLength }) => bodyLength)).toEqual([2, 3]);
    expect(api.hits.map(({ headers }) => headers['x-signature'])).toEqual(
      api.hits.map(({ bodySha256 }) => `1:${bodySha256}`),
    );
  });

  it.each([
    { kind: 'a stream', make: () => ({ body: Readable.from(['one']) }) },
    {
      kind: 'a generator',
      make: () => ({
        body: (function* () {
          yield 'one';
        })() as never,
      }),
    },
    { kind: 'a web stream', make: () => ({ body: new Blob(['one']).stream() as never }) },
    { kind: 'a form-data form with a stream in it', make: () => ({ body: formWithStream() as never }) },
  ])('does not resend what can be read only once: $kind', async ({ kind, make }) => {
    const api = await testApi();
    api.on('/once', sequence(refuse(), echo()));
    const isForm = kind.includes('form');
    if (isForm && (await isRefused(got, make()))) return;

    const error = await failure(
      got.extend(gotAuth(new SigningAuth(), { origins: [api.origin] })).post(api.url('/once'), make()),
    );

    expect(error.name).toBe('HTTPError');
    expect(error.response.statusCode).toBe(401);
    expect(api.hits).toHaveLength(1);
    expect(api.hits[0]?.bodyLength).toBeGreaterThan(0);
    expect(api.hits[0]?.headers['x-signature']).toBe('1:unknown');
  });

  it('signs each retry of got anew, and the resend', async () => {
    const api = await testApi();
    api.on('/flaky', sequence(fail(500), refuse(), fail(500), echo()));
    const auth = new SigningAuth();

    await got.extend(gotAuth(auth, { origins: [api.origin] }))(api.url('/flaky'), { retry: { limit: 2 } });

    expect(auth.signed).toHaveLength(4);
    // Before each attempt of got's, and after the refusal.
    expect(auth.asked).toBe(4);
  });

  it('signs the hops of a redirect each for itself', async () => {
    const api = await testApi();
    api.on('/old', redirect(302, '/new?b=2'));
    const auth = new SigningAuth();

    await got.extend(gotAuth(auth, { origins: [api.origin] }))(api.url('/old'), { throwHttpErrors: false });

    expect(auth.signed[0]).toBe(`GET /old ${api.origin}`);
    expect(auth.signed[1]).toBe(`GET /new?b=2 ${api.origin}`);
  });

  it('signs a stream that is slow to sign', async () => {
    const api = await testApi();
    api.on('/stream', echo());

    expect(
      await text(got.extend(gotAuth(new SigningAuth(), { origins: [api.origin] })).stream(api.url('/stream'))),
    ).toContain('/stream');
    expect(api.hits[0]?.headers['x-signature']).toBeDefined();
  });

  it('sends nothing for a caller who has aborted while it was signed', async () => {
    const api = await testApi();
    const [started, signing] = [deferred(), deferred()];
    class SlowAuth extends SigningAuth {
      override modifyRequest(): Promise<void> {
        started.resolve();
        return signing.promise;
      }
    }
    const request = vi.fn(http.request);
    const controller = new AbortController();
    const call = failure(
      got.extend(gotAuth(new SlowAuth(), { origins: [api.origin] }))(api.url('/aborted'), {
        signal: controller.signal,
        request: request as unknown as RequestFunction,
      }),
    );
    await started.promise;

    controller.abort();
    expect((await call).name).toBe('AbortError');
    signing.resolve();
    await signing.promise;
    await got(api.url('/after'), { throwHttpErrors: false });

    expect(request).not.toHaveBeenCalled();
  });

  it.each([
    { verdict: 'again', hits: 2, asked: 1 },
    { verdict: false, hits: 2, asked: 2 },
    { verdict: true, hits: 1, asked: 1 },
  ] as const)('lets the authenticator judge by what an answer says: $verdict', async ({ verdict, hits, asked }) => {
    const api = await testApi();
    api.on(
      '/soap',
      sequence(({ response }) => void response.end('<fault/>'), echo()),
    );
    class ReadingAuth extends SigningAuth {
      override async checkResult(response: AuthResponse): Promise<Verdict> {
        return (await response.readText?.()) === '<fault/>' ? verdict : true;
      }
    }
    const auth = new ReadingAuth();

    const { body } = await got.extend(gotAuth(auth, { origins: [api.origin] }))(api.url('/soap'));

    expect(body).toContain(verdict === true ? '<fault/>' : '/soap');
    expect(api.hits).toHaveLength(hits);
    expect(auth.asked).toBe(asked);
  });

  it('gives the caller what the authenticator throws', async () => {
    const api = await testApi();
    class BrokenAuth extends SigningAuth {
      override checkResult(): Verdict {
        throw new TypeError('cannot judge that');
      }
    }

    const error = await failure(got.extend(gotAuth(new BrokenAuth(), { origins: [api.origin] }))(api.url('/judged')));

    expect(error.name).toBe('RequestError');
    expect(error.cause.message).toBe('cannot judge that');
  });

  it.each(['x y', 'x\n'])('sends nothing under a header name that cannot be sent: %j', async (name) => {
    const api = await testApi();
    class OddAuth extends SigningAuth {
      override async modifyRequest({ headers }: AuthRequest): Promise<void> {
        headers.set(name, 'value');
      }
    }

    const error = await failure(got.extend(gotAuth(new OddAuth(), { origins: [api.origin] }))(api.url('/odd')));

    expect(error.cause.code).toBe('ERR_INVALID_HTTP_TOKEN');
    expect(api.hits).toHaveLength(0);
  });

  it('adds to a request that expects 100-continue', async () => {
    const api = await testApi();
    api.on('/expecting', echo());

    await got.extend(gotAuth(new SigningAuth(), { origins: [api.origin] })).post(api.url('/expecting'), {
      body: 'a',
      headers: { expect: '100-continue' },
    });

    expect(api.hits[0]?.headers['x-signature']).toBeDefined();
  });

  it('takes a header away', async () => {
    const api = await testApi();
    api.on('/less', echo());
    class RemovingAuth extends SigningAuth {
      override async modifyRequest({ headers }: AuthRequest): Promise<void> {
        headers.delete('User-Agent');
      }
    }

    await got.extend(gotAuth(new RemovingAuth(), { origins: [api.origin] }))(api.url('/less'));

    expect(api.hits[0]?.headers['user-agent']).toBeUndefined();
  });

  it('wants a function as a body factory', async () => {
    const call = async () =>
      got.extend(gotAuth(new SigningAuth()))('http://localhost/', { context: { bodyFactory: 1 } });

    expect((await failure(call())).option).toBe('context.bodyFactory');
  });
});

function formWithStream(): FormDataPackage {
  const data = new FormDataPackage();
  data.append('file', Readable.from([Buffer.from('one')]), { filename: 'one.txt', knownLength: 3 });
  return data;
}

/** got 16 takes no form-data at all. */
async function isRefused(got: (typeof versions)[number]['got'], options: OptionsOfTextResponseBody): Promise<boolean> {
  const api = await testApi();
  api.on('/plain', echo());
  return got.post(api.url('/plain'), options).then(
    () => false,
    () => true,
  );
}
