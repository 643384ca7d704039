/** Redirects by hand are the platform's: what fetch itself does with a server's redirects, ours does as well. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fetchAuth } from '../../../src/adapters/fetch.ts';
import { AuthBearer } from '../../../src/authenticators/bearer.ts';

interface Hit {
  readonly method: string | undefined;
  readonly url: string;
  readonly headers: readonly string[];
  readonly body: string;
}

/** A redirect as a server sends it: status, `Location` as bytes, further headers. */
interface Redirect {
  readonly status: number;
  readonly to: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const servers = [createServer(answer), createServer(answer)];
const hits: Hit[] = [];
let home: string;
let other: string;
let redirects = new Map<string, Redirect>();

function answer(request: IncomingMessage, response: ServerResponse): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const url = `http://${request.headers.host}${request.url}`;
    const { method, rawHeaders } = request;
    hits.push({ method, url, headers: rawHeaders, body: Buffer.concat(chunks).toString() });
    const redirect = redirects.get(url);
    if (redirect === undefined) response.end('landed');
    else {
      // The bytes as they are, which Node would not let pass as text.
      const lines = Object.entries(redirect.headers ?? {}).map(([name, value]) => `${name}: ${value}\r\n`);
      response.socket?.end(
        Buffer.from(
          `HTTP/1.1 ${redirect.status} Moved\r\nlocation: ${redirect.to}\r\n${lines.join('')}` +
            'connection: close\r\ncontent-length: 5\r\n\r\nmoved',
        ),
      );
    }
  });
}

beforeAll(async () => {
  for (const server of servers) await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  [home, other] = servers.map((server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`) as [
    string,
    string,
  ];
});

afterAll(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

type Fetch = (input: RequestInfo | URL, init?: RequestInit) => Promise<Response>;

/** What a caller and the servers see of one call. */
async function seen(fetch: Fetch, call: (fetch: Fetch) => Promise<Response>, chain: Map<string, Redirect>) {
  redirects = chain;
  hits.length = 0;
  const result = await call(fetch).then(
    async (response) => {
      const { status, url, redirected, type, ok } = response;
      const clone = response.clone().url;
      return { status, url, redirected, type, ok, clone, body: await response.text() };
    },
    ({ name, message, cause }: Error) => ({ name, message, cause: (cause as Error | undefined)?.message }),
  );
  return { result, hits: [...hits] };
}

const AUTHORIZATION = 'Bearer good';

/** fetch with the header that our credential becomes, so that all else must be equal. */
const native: Fetch = (input, init) => {
  const headers = new Headers(init?.headers ?? (input instanceof Request ? input.headers : undefined));
  headers.set('authorization', AUTHORIZATION);
  return fetch(input, { ...init, headers });
};

const calls: Record<string, (fetch: Fetch) => Promise<Response>> = {
  GET: (fetch) => fetch(`${home}/start`, { headers: { 'X-Trace': 'kept', Cookie: 'theirs=1', Accept: 'text/plain' } }),
  HEAD: (fetch) => fetch(`${home}/start`, { method: 'HEAD' }),
  'GET with a fragment': (fetch) => fetch(`${home}/start#here`),
  'POST of text': (fetch) =>
    fetch(`${home}/start`, { method: 'POST', body: 'text', headers: { 'Content-Language': 'en' } }),
  'POST of bytes': (fetch) => fetch(`${home}/start`, { method: 'POST', body: new TextEncoder().encode('bytes') }),
  'POST of parameters': (fetch) => fetch(`${home}/start`, { method: 'POST', body: new URLSearchParams({ a: 'b' }) }),
  'PUT of a Blob': (fetch) => fetch(`${home}/start`, { method: 'put', body: new Blob(['blob'], { type: 'a/b' }) }),
  'DELETE without a body': (fetch) => fetch(`${home}/start`, { method: 'DELETE' }),
  'an own method with a body': (fetch) => fetch(`${home}/start`, { method: 'QUERY', body: 'q' }),
  'a Request': (fetch) => fetch(new Request(`${home}/start`, { headers: { 'X-Trace': 'kept' } })),
  'a Request with a body': (fetch) => fetch(new Request(`${home}/start`, { method: 'POST', body: 'in it' })),
  'a referrer': (fetch) => fetch(`${home}/start`, { referrer: `${home}/page?secret=1`, referrerPolicy: 'unsafe-url' }),
  'a referrer under the usual policy': (fetch) => fetch(`${home}/start`, { referrer: `${home}/page?secret=1` }),
  'no cache': (fetch) => fetch(`${home}/start`, { cache: 'no-store' }),
};

const chains: Record<string, () => readonly (readonly [from: string, redirect: Redirect])[]> = {};
for (const status of [301, 302, 303, 307, 308]) {
  chains[`${status} at home`] = () => [[`${home}/start`, { status, to: '/landing' }]];
  chains[`${status} away`] = () => [[`${home}/start`, { status, to: `${other}/landing` }]];
}
Object.assign(chains, {
  'no redirect': () => [],
  'home, away, home': () => [
    [`${home}/start`, { status: 307, to: `${other}/detour` }],
    [`${other}/detour`, { status: 307, to: `${home}/landing` }],
  ],
  '307, then 303': () => [
    [`${home}/start`, { status: 307, to: '/middle' }],
    [`${home}/middle`, { status: 303, to: '/landing' }],
  ],
  'raw UTF-8 in Location': () => [[`${home}/start`, { status: 302, to: '/łąka?ü=ß' }]],
  'a fragment in Location': () => [[`${home}/start`, { status: 302, to: '/landing#there' }]],
  'an empty Location': () => [[`${home}/start`, { status: 302, to: '' }]],
  'Location that is no URL': () => [[`${home}/start`, { status: 302, to: 'http://[bad' }]],
  'Location with a password, away': () => [[`${home}/start`, { status: 302, to: other.replace('//', '//u:p@') }]],
  'Location with a password, at home': () => [[`${home}/start`, { status: 302, to: home.replace('//', '//u:p@') }]],
  'a data: URL': () => [[`${home}/start`, { status: 302, to: 'data:text/plain,x' }]],
  'a blob: URL': () => [[`${home}/start`, { status: 302, to: 'blob:nodedata:0' }]],
  'ftp:': () => [[`${home}/start`, { status: 302, to: 'ftp://127.0.0.1/' }]],
  'no referrer from here on': () => [
    [`${home}/start`, { status: 307, to: '/landing', headers: { 'referrer-policy': 'no-referrer' } }],
  ],
  'several referrer policies': () => [
    [`${home}/start`, { status: 307, to: '/landing', headers: { 'referrer-policy': 'no-referrer, bogus, origin' } }],
  ],
  'twenty hops': () => hops(20),
  'twenty-one hops': () => hops(21),
  'a loop': () => [[`${home}/start`, { status: 302, to: '/start' }]],
});

function hops(count: number): (readonly [string, Redirect])[] {
  return Array.from({ length: count }, (_, hop) => [
    `${home}/${hop === 0 ? 'start' : hop}`,
    { status: 302, to: `/${hop + 1}` },
  ]);
}

describe.each(Object.keys(calls))('%s', (name) => {
  it.each(Object.keys(chains))('%s', async (kind) => {
    const call = calls[name] as (fetch: Fetch) => Promise<Response>;
    const chain = new Map(chains[kind]?.());
    const theirs = await seen(native, call, chain);
    // A fetch that is not the platform's, so that the redirects are followed by hand whatever the credential is.
    const byHand = fetchAuth(new AuthBearer(() => 'good'), {
      origins: [home],
      fetch: (input, init) => fetch(input, init),
    });
    expect(await seen(byHand, call, chain)).toEqual(theirs);
    expect(await seen(fetchAuth(new AuthBearer(() => 'good'), { origins: [home] }), call, chain)).toEqual(theirs);
  });
});

describe('integrity', () => {
  const HELLO = 'sha256-'; // made below
  async function digest(): Promise<string> {
    const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode('landed'));
    return HELLO + Buffer.from(hash).toString('base64');
  }

  it.each([true, false])('is that of the last answer: right %s', async (isRight) => {
    const integrity = isRight ? await digest() : 'sha256-AAAA';
    const call = (fetch: Fetch) => fetch(`${home}/start`, { integrity });
    const chain = new Map([[`${home}/start`, { status: 302, to: '/landing' }]]);
    const theirs = await seen(native, call, chain);
    const ours = await seen(fetchAuth(new AuthBearer(() => 'good'), { origins: [home] }), call, chain);
    expect(ours).toEqual(theirs);
    expect('status' in ours.result).toBe(isRight);
  });
});
