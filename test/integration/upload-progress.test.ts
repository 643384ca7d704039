import { Readable } from 'node:stream';
import axios from 'axios';
import got from 'got';
import { got as got14 } from 'got14';
import { describe, expect, it, onTestFinished } from 'vitest';
import { axiosAuth } from '../../src/adapters/axios.ts';
import { gotAuth } from '../../src/adapters/got.ts';
import { startProtectedApi } from '../helpers/protected-api.ts';
import { TestAuth } from '../helpers/test-auth.ts';
import { TokenIssuer } from '../helpers/token-issuer.ts';

const SIZE = 1_000_000;
const piece = Buffer.alloc(SIZE / 10, 'x');

/** What is uploaded: bytes, and a stream that is made anew for each attempt. */
const bodies = {
  bytes: { body: Buffer.alloc(SIZE, 'x') },
  'a bodyFactory': { bodyFactory: () => Readable.from(Array.from({ length: 10 }, () => piece)) },
};
type Upload = { readonly body?: Buffer; readonly bodyFactory?: () => Readable };
type Send = (auth: TestAuth, url: string, upload: Upload, onProgress: (sent: number) => void) => Promise<unknown>;

function withGot(client: typeof got): Send {
  return (auth, url, { body, bodyFactory }, onProgress) => {
    const call = client
      .extend(gotAuth(auth, { origins: [new URL(url).origin] }))
      .post(url, { ...(body !== undefined && { body }), context: { ...(bodyFactory && { bodyFactory }) } });
    const stray = () => expect.unreachable();
    call.on('uploadProgress', stray).off('uploadProgress', stray);
    call.on('uploadProgress', ({ transferred }) => onProgress(transferred));
    return call;
  };
}

function withAxios(adapter: 'http' | 'fetch'): Send {
  return (auth, url, { body, bodyFactory }, onProgress) => {
    const client = axios.create({ baseURL: new URL(url).origin, adapter, maxRedirects: 0 });
    client.interceptors.request.use(axiosAuth(auth));
    const onUploadProgress = ({ loaded }: { loaded: number }) => onProgress(loaded);
    return client.post(url, body, { onUploadProgress, ...(bodyFactory && { bodyFactory }) });
  };
}

const clients: Readonly<Record<string, Send>> = {
  got: withGot(got),
  'got 14': withGot(got14 as unknown as typeof got),
  'axios http': withAxios('http'),
  'axios fetch': withAxios('fetch'),
};

describe.each(Object.entries(clients))('upload progress of %s', (_name, send) => {
  it.each(Object.entries(bodies))('never goes back on a resend: %s', async (_body, upload) => {
    const api = await startProtectedApi();
    onTestFinished(() => api.close());
    const issuer = new TokenIssuer(api);
    const auth = new TestAuth(issuer);
    await send(auth, api.url('/warm-up'), { body: Buffer.from('x') }, () => undefined);
    issuer.expire();
    api.forget();
    const reported: number[] = [];

    await send(auth, api.url('/upload'), upload, (sent) => void reported.push(sent));

    expect(api.hits.map(({ bodyLength }) => bodyLength)).toEqual([SIZE, SIZE]);
    expect(reported.at(-1)).toBe(SIZE);
    expect(reported).toEqual(reported.toSorted((a, b) => a - b));
  });
});
