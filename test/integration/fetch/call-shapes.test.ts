import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fetchAuth } from '../../../src/adapters/fetch.ts';
import { Authenticator, type AuthRequest } from '../../../src/lifecycle/contract.ts';

/** Signs with a promise or without, so that both ways through the adapter are compared with native fetch. */
class AuthShape extends Authenticator<string> {
  readonly #cold: boolean;

  constructor(cold: boolean) {
    super();
    this.#cold = cold;
  }

  authenticate(): string | Promise<string> {
    return this.#cold ? Promise.resolve('Bearer shape') : 'Bearer shape';
  }

  modifyRequest(request: AuthRequest, credential: string): void {
    request.headers.set('authorization', credential);
  }
}

let server: Server;
let base: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const url = new URL(request.url ?? '/', 'http://unused');
      if (url.pathname === '/hangs') return;
      const status = Number(url.searchParams.get('status') ?? 200);
      const to = url.searchParams.get('to');
      response.writeHead(status, to === null ? {} : { location: to });
      const type = request.headers['content-type']?.replace(/boundary=.*/, 'boundary');
      const body = Buffer.concat(chunks)
        .toString()
        .replace(/-{4,}[\w-]+/g, '--boundary');
      response.end(
        status === 204 ? undefined : JSON.stringify({ method: request.method, path: url.pathname, type, body }),
      );
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

type Fetch = (input: RequestInfo | URL, init?: RequestInit) => Promise<Response>;
/** Calls fetch; also says whether the Request that it was given counted as used right after the call. */
type Shape = (fetch: Fetch) => Promise<Response> | { response: Promise<Response>; used: boolean };

const sent = (fetch: Fetch, request: Request, init?: RequestInit) => {
  const response = fetch(request, init);
  return { response, used: request.bodyUsed };
};

async function outcome(fetch: Fetch, shape: Shape): Promise<unknown> {
  let used: boolean | undefined;
  try {
    const result = shape(fetch);
    if (!(result instanceof Promise)) used = result.used;
    const response = await (result instanceof Promise ? result : result.response);
    const { status, redirected, url, ok } = response;
    return {
      status,
      redirected,
      url: url.replace(/^blob:.*/, 'blob:'),
      ok,
      used,
      text: await response.text(),
      bodyUsed: response.bodyUsed,
    };
  } catch (error) {
    return { thrown: describeError(error), used };
  }
}

function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return { thrown: error };
  const { name, message, cause } = error;
  const { code } = error as NodeJS.ErrnoException;
  return { name, message, code: code?.toString(), cause: cause === undefined ? undefined : describeError(cause) };
}

class GetterInit {
  get method() {
    return 'POST';
  }
  get body() {
    return 'from a getter';
  }
  get headers() {
    return { 'content-type': 'text/x-getter' };
  }
}

const stream = (text: string) => new Blob([text]).stream();
async function* generate(text: string) {
  yield new TextEncoder().encode(text);
}
const form = () => {
  const data = new FormData();
  data.set('na"me', 'line 1\nline 2');
  data.set('file', new Blob(['{}'], { type: 'application/json' }), 'a "b".json');
  data.append('nameless', new Blob(['x']));
  return data;
};
const half = { duplex: 'half' } as RequestInit;
const aborted = (reason?: unknown) => AbortSignal.abort(reason);
const laterAborted = (reason?: unknown) => {
  const controller = new AbortController();
  queueMicrotask(() => controller.abort(reason));
  return controller.signal;
};

const shapes: Record<string, Shape> = {
  'a string': (fetch) => fetch(`${base}/a`),
  'a URL': (fetch) => fetch(new URL(`${base}/a`)),
  'an object with toString': (fetch) => fetch({ toString: () => `${base}/a` } as unknown as URL),
  'a Request': (fetch) => fetch(new Request(`${base}/a`)),
  'a Request with an init': (fetch) => fetch(new Request(`${base}/a`), { method: 'DELETE' }),
  'a Request as init': (fetch) => fetch(`${base}/a`, new Request(`${base}/b`, { method: 'PUT', body: 'b' })),
  'white space around the URL': (fetch) => fetch(`  ${base}/a  `),
  'a fragment': (fetch) => fetch(`${base}/a#part`),
  'a null init': (fetch) => fetch(`${base}/a`, null as unknown as RequestInit),
  'a getter-only init': (fetch) => fetch(`${base}/a`, new GetterInit() as unknown as RequestInit),
  'an init without a prototype': (fetch) => fetch(`${base}/a`, Object.assign(Object.create(null), { method: 'POST' })),
  'headers as pairs': (fetch) =>
    fetch(`${base}/a`, { headers: [['content-type', 'text/x-a']], method: 'POST', body: 'b' }),
  'headers as Headers': (fetch) =>
    fetch(`${base}/a`, { headers: new Headers({ 'content-type': 'text/x-a' }), method: 'POST', body: 'b' }),
  'headers as a Map': (fetch) =>
    fetch(`${base}/a`, { headers: new Map([['content-type', 'text/x-a']]) as never, method: 'POST', body: 'b' }),
  'a lower-case method': (fetch) => fetch(`${base}/a`, { method: 'post', body: 'b' }),
  'the method patch in lower case': (fetch) => fetch(`${base}/a`, { method: 'PATCH', body: 'b' }),
  HEAD: (fetch) => fetch(`${base}/a`, { method: 'HEAD' }),
  'a body string': (fetch) => fetch(`${base}/a`, { method: 'POST', body: 'text' }),
  'an empty body string': (fetch) => fetch(`${base}/a`, { method: 'POST', body: '' }),
  'a URLSearchParams body': (fetch) => fetch(`${base}/a`, { method: 'POST', body: new URLSearchParams({ a: 'b c' }) }),
  'a Buffer body': (fetch) => fetch(`${base}/a`, { method: 'POST', body: Buffer.from('bytes') }),
  'an ArrayBuffer body': (fetch) => fetch(`${base}/a`, { method: 'POST', body: new Uint8Array([97, 98]).buffer }),
  'a Blob body': (fetch) => fetch(`${base}/a`, { method: 'POST', body: new Blob(['blob'], { type: 'text/x-blob' }) }),
  'a FormData body': (fetch) => fetch(`${base}/a`, { method: 'POST', body: form() }),
  'a FormData body under a type of the caller': (fetch) =>
    fetch(`${base}/a`, { method: 'POST', body: form(), headers: { 'content-type': 'text/x-mine' } }),
  'a stream body': (fetch) => fetch(`${base}/a`, { method: 'POST', body: stream('streamed'), ...half }),
  'a stream body without duplex': (fetch) => fetch(`${base}/a`, { method: 'POST', body: stream('streamed') }),
  'a generator body': (fetch) => fetch(`${base}/a`, { method: 'POST', body: generate('made') as never, ...half }),
  'a Node stream body': (fetch) =>
    fetch(`${base}/a`, { method: 'POST', body: Readable.from(['node']) as never, ...half }),
  'a Request with a body': (fetch) => sent(fetch, new Request(`${base}/a`, { method: 'POST', body: 'text' })),
  'a Request with a stream': (fetch) =>
    sent(fetch, new Request(`${base}/a`, { method: 'POST', body: stream('streamed'), ...half })),
  'a Request whose body the init replaces': (fetch) =>
    sent(fetch, new Request(`${base}/a`, { method: 'POST', body: 'old' }), { body: 'new' }),
  'a used Request': async (fetch) => {
    const request = new Request(`${base}/a`, { method: 'POST', body: 'text' });
    await request.text();
    return fetch(request);
  },
  'a Request with a locked body': (fetch) => {
    const request = new Request(`${base}/a`, { method: 'POST', body: 'text' });
    request.body?.getReader();
    return fetch(request);
  },
  'a used stream': async (fetch) => {
    const body = stream('text');
    await new Response(body).text();
    return fetch(`${base}/a`, { method: 'POST', body, ...half });
  },
  'a body with GET': (fetch) => fetch(`${base}/a`, { body: 'text' }),
  'a bad header value': (fetch) => fetch(`${base}/a`, { headers: { 'x-a': 'line\nbreak' } }),
  'a bad header value in pairs': (fetch) => fetch(`${base}/a`, { headers: [['x-a', 'line\nbreak']] }),
  'a bad header name': (fetch) => fetch(`${base}/a`, { headers: { 'x a': 'b' } }),
  'headers as a number': (fetch) => fetch(`${base}/a`, { headers: 7 as never }),
  'a bad URL': (fetch) => fetch('http://[bad'),
  'a relative URL': (fetch) => fetch('/relative'),
  'no URL': (fetch) => fetch(undefined as never),
  'a URL with a password': (fetch) => fetch(base.replace('//', '//user:word@')),
  'a bad method': (fetch) => fetch(`${base}/a`, { method: 'not a method' }),
  'the method TRACE': (fetch) => fetch(`${base}/a`, { method: 'TRACE' }),
  'a method that is no string': (fetch) => fetch(`${base}/a`, { method: 7 as never }),
  'an init that is no object': (fetch) => fetch(`${base}/a`, 'init' as never),
  'a bad redirect mode': (fetch) => fetch(`${base}/a`, { redirect: 'never' as never }),
  'a signal that is none': (fetch) => fetch(`${base}/a`, { signal: {} as never }),
  'an aborted signal': (fetch) => fetch(`${base}/a`, { signal: aborted() }),
  'an aborted signal with a reason': (fetch) => fetch(`${base}/a`, { signal: aborted(new RangeError('enough')) }),
  'an aborted signal with a string': (fetch) => fetch(`${base}/a`, { signal: aborted('enough') }),
  'an abort on the way': (fetch) => fetch(`${base}/a`, { signal: laterAborted() }),
  'an abort on the way with a reason': (fetch) =>
    fetch(`${base}/a`, { signal: laterAborted(new RangeError('enough')) }),
  'an abort of the Request': (fetch) => fetch(new Request(`${base}/a`, { signal: laterAborted() })),
  'a null signal beside an aborted Request': (fetch) =>
    fetch(new Request(`${base}/a`, { signal: aborted() }), { signal: null }),
  'a time-out': (fetch) => fetch(`${base}/hangs`, { signal: AbortSignal.timeout(20) }),
  keepalive: (fetch) => fetch(`${base}/a`, { keepalive: true }),
  'the status 204': (fetch) => fetch(`${base}/a?status=204`),
  'a refused connection': (fetch) => fetch('http://127.0.0.1:1/'),
  'a data URL': (fetch) => fetch('data:text/plain,hello'),
  'a blob URL': (fetch) => fetch(URL.createObjectURL(new Blob(['blob']))),
  'a blob URL that is gone': (fetch) => fetch('blob:nodedata:gone'),
  'another scheme': (fetch) => fetch('ftp://127.0.0.1/'),
  'a file URL': (fetch) => fetch('file:///etc/hostname'),
};

for (const mode of ['follow', 'manual', 'error'] as const) {
  for (const status of [301, 302, 303, 307, 308]) {
    for (const method of ['GET', 'HEAD', 'POST', 'PUT']) {
      const body = method === 'POST' || method === 'PUT' ? { body: 'text' } : {};
      shapes[`${status} to the same origin, ${method}, ${mode}`] = (fetch) =>
        fetch(`${base}/a?status=${status}&to=/b`, { method, redirect: mode, ...body });
    }
  }
  shapes[`a redirect of a stream, ${mode}`] = (fetch) =>
    fetch(`${base}/a?status=307&to=/b`, { method: 'POST', body: stream('text'), redirect: mode, ...half });
  shapes[`a redirect without Location, ${mode}`] = (fetch) => fetch(`${base}/a?status=302`, { redirect: mode });
  shapes[`a redirect that never ends, ${mode}`] = (fetch) => {
    const self = '/a?status=302&to=';
    let to = '/end';
    for (let i = 0; i < 22; i++) to = self + encodeURIComponent(to);
    return fetch(base + to, { redirect: mode });
  };
  for (const to of ['http://[bad', 'ftp://127.0.0.1/', 'http://user:word@localhost:1/']) {
    shapes[`a redirect to ${to}, ${mode}`] = (fetch) =>
      fetch(`${base}/a?status=302&to=${encodeURIComponent(to)}`, { redirect: mode });
  }
}

describe.each<[string, boolean, () => '*' | string[]]>([
  ['a credential at hand', false, () => [base]],
  ['a credential to be fetched', true, () => [base]],
  ['redirects followed by hand', false, () => '*'],
])('an authenticated fetch behaves as native fetch does: %s', (_name, late, origins) => {
  it.each(Object.keys(shapes))('%s', async (name) => {
    const shape = shapes[name] as Shape;
    const native = await outcome(fetch, shape);
    const ours = await outcome(fetchAuth(new AuthShape(late), { origins: origins() }), shape);
    expect(ours).toEqual(native);
  });
});
