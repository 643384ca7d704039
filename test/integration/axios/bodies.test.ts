import { PassThrough, Readable } from 'node:stream';
import axios, { type AxiosError, type AxiosRequestConfig } from 'axios';
import FormData_ from 'form-data';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type AxiosAuthRequestConfig, axiosAuth } from '../../../src/adapters/axios.ts';
import { Authenticator, type AuthRequest } from '../../../src/lifecycle/contract.ts';
import { deferred } from '../../helpers/deferred.ts';
import { guarded, type Hit, type ProtectedApi, type Responder, refuse, sha256 } from '../../helpers/protected-api.ts';
import { adapters, failure, setUpExpired } from './fixture.ts';

type Config = AxiosRequestConfig & AxiosAuthRequestConfig;

const whole = sha256('one after the other');
const stream = () => Readable.from(['one ', 'after ', 'the other'].map((chunk) => Buffer.from(chunk)));

const factories = [
  { kind: 'a text', make: () => 'one after the other' },
  { kind: 'a Buffer', make: () => Buffer.from('one after the other') },
  { kind: 'a Node stream', make: stream },
  { kind: 'a web stream', make: () => new Blob(['one ', 'after ', 'the other']).stream() },
  { kind: 'a promise', make: async () => stream() },
];

function formOfThePackage(file: string | Readable): FormData_ {
  const form = new FormData_();
  form.append('field', 'value');
  form.append('file', file, { filename: 'file.txt', contentType: 'text/plain' });
  return form;
}

/** Every send was the same bytes under the same headers, and both were a form that can be read. */
async function expectSameForm(api: ProtectedApi, fields: readonly string[]): Promise<void> {
  const [first, second] = api.hits as [Hit, Hit];
  expect(api.hits).toHaveLength(2);
  expect(second.bodySha256).toBe(first.bodySha256);
  expect(second.contentType).toBe(first.contentType);
  const response = new Response(second.body, { headers: { 'content-type': second.contentType ?? '' } });
  expect([...(await response.formData()).keys()]).toEqual(fields);
}

describe.each(adapters)('%s', (adapter) => {
  it('sends a form made of an object again', async () => {
    const { api, client } = await setUpExpired({ adapter });

    expect((await client.postForm(api.url('/form'), { a: '1', list: ['x', 'y'] })).status).toBe(200);
    await expectSameForm(api, ['a', 'list[]', 'list[]']);
  });

  it('sends a native FormData again, also where the caller has named its type', async () => {
    const { api, client } = await setUpExpired({ adapter });
    const form = new FormData();
    form.append('native', 'yes');

    expect((await client.postForm(api.url('/form'), form)).status).toBe(200);
    await expectSameForm(api, ['native']);
  });

  it('sends a native FormData again under a boundary of the caller', async () => {
    const { api, client } = await setUpExpired({ adapter });
    const form = new FormData();
    form.append('native', 'yes');
    const headers = { 'content-type': 'multipart/form-data; boundary=boundary-of-the-caller' };

    expect((await client.post(api.url('/form'), form, { headers })).status).toBe(200);
    expect(api.hits[0]?.contentType).toContain('boundary-of-the-caller');
    await expectSameForm(api, ['native']);
  });

  it('sends a form of the form-data package again', async () => {
    const { api, client } = await setUpExpired({ adapter });

    expect((await client.post(api.url('/form'), formOfThePackage('text'))).status).toBe(200);
    await expectSameForm(api, ['field', 'file']);
  });

  it('never sends a form again that has a stream for a part', async () => {
    const { api, client } = await setUpExpired({ adapter });

    const error = await failure<AxiosError>(client.post(api.url('/form'), formOfThePackage(stream())));

    expect(error.response?.status).toBe(401);
    expect(api.hits).toHaveLength(1);
  });

  it.each(factories)('sends what a factory makes afresh: $kind', async ({ make }) => {
    const { api, client } = await setUpExpired({ adapter });
    const config: Config = {
      bodyFactory: make,
      headers: { 'content-type': 'text/plain' },
    };

    expect((await client.post(api.url('/fresh'), undefined, config)).status).toBe(200);
    expect(api.hits.map(({ bodySha256, contentType }) => [bodySha256, contentType])).toEqual(
      Array(2).fill([whole, 'text/plain']),
    );
  });

  it('sends a form again that a factory makes', async () => {
    const { api, client } = await setUpExpired({ adapter });
    const config: Config = { bodyFactory: () => formOfThePackage(stream()) };

    expect((await client.post(api.url('/fresh'), undefined, config)).status).toBe(200);
    expect(api.hits.map(({ contentType }) => contentType?.startsWith('multipart/form-data; boundary='))).toEqual([
      true,
      true,
    ]);
  });

  it('leaves a factory in place for a config that is sent once more', async () => {
    const { api, client } = await setUpExpired({ adapter });
    const config = { bodyFactory: stream, headers: { 'content-type': 'text/plain' } };
    const first = await client.post(api.url('/fresh'), undefined, config);

    await client(first.config);

    expect(api.hits.map(({ bodySha256 }) => bodySha256)).toEqual([whole, whole, whole]);
  });

  it('rejects with what a factory throws', async () => {
    const { api, client } = await setUpExpired({ adapter });
    const broken = new Error('no such file');
    const config: Config = {
      bodyFactory: () => {
        throw broken;
      },
    };

    expect(await failure(client.post(api.url('/fresh'), undefined, config))).toBe(broken);
    expect(api.hits).toHaveLength(0);
  });

  it('ends the stream of an answer before it sends again', async () => {
    const { api, client } = await setUpExpired({ adapter, responseType: 'stream' });
    const closed = deferred();
    const endless: Responder = ({ response }) => {
      response.on('close', () => closed.resolve());
      response.writeHead(401).write('r'.repeat(100_000));
    };
    api.on(
      '/stream',
      guarded(({ response }) => void response.end('streamed'), endless),
    );

    const { data, status } = await client.get(api.url('/stream'));

    expect(status).toBe(200);
    expect(await new Response(data).text()).toBe('streamed');
    await closed.promise;
  });

  it('gives the stream of a 401 to the caller, untouched', async () => {
    const { api, issuer, client } = await setUpExpired({ adapter, responseType: 'stream' });
    issuer.issueWorthless();
    api.on('/stream', refuse({ bodyBytes: 300_000 }));

    const error = await failure<AxiosError<ReadableStream>>(client.get(api.url('/stream')));

    expect(await new Response(error.response?.data).text()).toHaveLength(300_000);
  });
});

describe('what an authenticator reads of a body', () => {
  class AuthReader extends Authenticator<string> {
    readonly seen: unknown[] = [];
    authenticate() {
      return 'nothing';
    }
    async modifyRequest(request: AuthRequest) {
      const bytes = await request.readBody?.();
      this.seen.push(bytes && Buffer.from(bytes).toString());
    }
  }

  it.each([
    { kind: 'none', body: undefined, text: '' },
    { kind: 'text', body: 'żółw', text: 'żółw' },
    { kind: 'parameters', body: new URLSearchParams({ a: 'b c' }), text: 'a=b+c' },
    { kind: 'an ArrayBuffer', body: new TextEncoder().encode('bytes').buffer, text: 'bytes' },
    { kind: 'a Blob', body: new Blob(['blob']), text: 'blob' },
    { kind: 'a stream', body: stream(), text: undefined },
  ])('is what will be sent: $kind', async ({ body, text }) => {
    const auth = new AuthReader();
    const client = axios.create({ adapter: async (config) => ({ ...OK, config }) });
    client.interceptors.request.use(axiosAuth(auth, { origins: ['http://127.0.0.1'] }));

    await client.post('http://127.0.0.1/', body);

    expect(auth.seen).toEqual([text]);
  });

  it('is nothing where a factory makes the body', async () => {
    const auth = new AuthReader();
    const client = axios.create({ adapter: async (config) => ({ ...OK, config }) });
    client.interceptors.request.use(axiosAuth(auth, { origins: ['http://127.0.0.1'] }));
    const opened = new PassThrough();
    onTestFinished(() => void opened.destroy());

    await client.request({ url: 'http://127.0.0.1/', bodyFactory: () => opened } as AxiosRequestConfig);

    expect(auth.seen).toEqual([undefined]);
  });
});

const OK = { data: 'ok', status: 200, statusText: 'OK', headers: {} };
