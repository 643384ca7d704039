import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import axios from 'axios';
import got from 'got';
import ky from 'ky';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCredentialFilter } from '../../../../src/logging/credential-filter.ts';
import { secret } from '../../../../src/secret.ts';

const VALUE = 'open sesame+1';
const filter = createCredentialFilter();
filter.updateSecret('k', VALUE);
filter.updateSecret('pin', '123456');

const { maskObject } = filter;

/** Everything that printers make of a value. */
function printed(value: unknown): string {
  const texts = [inspect(value, { depth: 10, showHidden: true, getters: false, maxArrayLength: null }), String(value)];
  try {
    texts.push(JSON.stringify(value) ?? '');
  } catch {
    // A circular structure has no JSON, so JSON cannot be what leaks it.
  }
  if (value instanceof Error) texts.push(value.message, value.stack ?? '', printed(value.cause));
  return texts.join('\n');
}

function expectNoLeak(value: unknown): void {
  const text = printed(value);
  expect(filter.mask(text)).toBe(text);
  expect(text).not.toMatch(/sesame|c2VzYW1|736573616d65/);
}

class Account {
  readonly #token = VALUE;
  readonly user = 'ali';
  readonly password = VALUE;
  get token() {
    return this.#token;
  }
  toJSON() {
    return { user: this.user, token: this.#token };
  }
  [Symbol.for('nodejs.util.inspect.custom')]() {
    return `Account<${this.#token}>`;
  }
}

describe('a masked copy', () => {
  it.each<[string, unknown, unknown]>([
    ['text', `say ${VALUE}`, 'say *****'],
    ['a number', 123456, '*****'],
    ['another number', 12345, 12345],
    ['a big integer', 123456n, '*****'],
    ['null', null, null],
    ['a function', function handler() {}, '[Function: handler]'],
    ['a wrapped secret', secret('never registered'), '*****'],
    ['an array', [VALUE, 1, [VALUE]], ['*****', 1, ['*****']]],
    ['a plain object', { a: { b: VALUE }, [VALUE]: 1 }, { a: { b: '*****' }, '*****': 1 }],
    ['keys that collide', { [VALUE]: 1, [encodeURIComponent(VALUE)]: 2 }, { '*****': 1, '*****~2': 2 }],
    ['a map', new Map([[VALUE, { a: VALUE }]]), new Map([['*****', { a: '*****' }]])],
    ['a set', new Set([VALUE, 'x']), new Set(['*****', 'x'])],
    ['a date', new Date(0), new Date(0)],
    ['a URL', new URL(`https://ali:${encodeURIComponent(VALUE)}@h/?k=1`), new URL('https://ali:*****@h/?k=1')],
    ['URL parameters', new URLSearchParams({ k: VALUE }), new URLSearchParams({ k: '*****' })],
    ['headers', new Headers({ authorization: `Bearer ${VALUE}` }), new Headers({ authorization: 'Bearer *****' })],
    ['a list of bytes', [...Buffer.from(`a ${VALUE}`)], ['97, 32, *****']],
    ['a buffer', Buffer.from(`a ${VALUE}`), Buffer.from('a *****')],
    ['bytes', new TextEncoder().encode(`a ${VALUE}`), new TextEncoder().encode('a *****')],
    ['bytes without a secret', Uint8Array.of(1, 2, 255), Uint8Array.of(1, 2, 255)],
    ['character codes', Uint16Array.from(Buffer.from(VALUE)), '*****\0'],
    ['a buffer behind a view', new DataView(new TextEncoder().encode(VALUE).buffer), '*****'],
    ['a promise', Promise.resolve(VALUE), '[Promise]'],
    ['a regular expression', /open sesame\+1/, '/*****/'],
    ['a __proto__ key', JSON.parse(`{"__proto__":"${VALUE}"}`), JSON.parse('{"__proto__":"*****"}')],
  ])('of %s', (_name, value, masked) => {
    expect(maskObject(value)).toEqual(masked);
    expectNoLeak(maskObject(value));
  });

  it('leaves the original as it was, even frozen', () => {
    const original = Object.freeze({ list: Object.freeze([VALUE]), map: new Map([[VALUE, VALUE]]) });
    maskObject(original);
    expect(original).toEqual({ list: [VALUE], map: new Map([[VALUE, VALUE]]) });
  });

  it('keeps symbols, and masks what they are called', () => {
    const named = Symbol('kind');
    const copy = maskObject({ [named]: VALUE, [Symbol(VALUE)]: 1 }) as Record<symbol, unknown>;
    expect(copy[named]).toBe('*****');
    expect(Object.getOwnPropertySymbols(copy).map(String)).toEqual(['Symbol(kind)', 'Symbol(*****)']);
  });

  it('keeps the class, its toJSON and its custom inspection, masked', () => {
    const copy = maskObject(new Account());
    expect(copy).toBeInstanceOf(Account);
    expect(JSON.stringify(copy)).toBe('{"user":"ali","token":"*****"}');
    expect(inspect(copy)).toBe('Account<*****>');
    expectNoLeak(copy);
  });

  it('survives a class that cannot say its name without private fields', () => {
    class Shy {
      readonly #name = 'shy';
      readonly token = VALUE;
      get [Symbol.toStringTag]() {
        return this.#name;
      }
    }
    expect(inspect(maskObject({ shy: new Shy() }))).toContain("token: '*****'");
  });

  it('takes getters for what they give, and says where one throws', () => {
    const value = Object.defineProperties(
      {},
      {
        token: { enumerable: true, get: () => VALUE },
        broken: { enumerable: true, get: () => expect.unreachable() },
      },
    );
    expect(maskObject(value)).toEqual({ token: '*****', broken: '[unreadable]' });
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    expect(maskObject([proxy])).toEqual(['[unreadable]']);
  });

  it('keeps cycles, and what is there twice is one', () => {
    const shared = { token: VALUE };
    const value: Record<string, unknown> = { a: shared, b: [shared] };
    value.self = value;
    const copy = maskObject(value) as { a: unknown; b: unknown[]; self: unknown };
    expect(copy.self).toBe(copy);
    expect(copy.b[0]).toBe(copy.a);
    expectNoLeak(copy);
  });

  it('holds what hangs on arrays, what is inherited, and what text was spread into', () => {
    const array = maskObject(Object.assign(['x'], { raw: VALUE })) as string[] & { raw: string };
    expect(array.raw).toBe('*****');
    const inheriting = maskObject(Object.assign(Object.create({ token: VALUE }), { own: 1 })) as object;
    const found: Record<string, unknown> = {};
    for (const key in inheriting) found[key] = Reflect.get(inheriting, key);
    expect(found).toEqual({ own: 1, token: '*****' });
    expect(maskObject(Object.assign({}, [...VALUE]))).toEqual({ 0: '*****' });
    expect(maskObject([...VALUE])).toEqual(['*****']);
  });

  it('keeps the last of a thousand records', () => {
    const records = Array.from({ length: 1000 }, (_, id) => ({ id, a: 1, b: 2, c: 3, d: 4, e: 5, f: 6, g: 7, h: 8 }));
    expect(maskObject(records)).toEqual(records);
  });

  it('is bounded in depth and number', () => {
    let deep: unknown = VALUE;
    for (let i = 0; i < 10_000; i += 1) deep = { deep };
    expect(inspect(maskObject(deep), { depth: 50 })).toMatch(/\[…\]/);
    const wide = maskObject(Array.from({ length: 100_000 }, (_, i) => `${i}x`)) as unknown[];
    expect(wide).toHaveLength(50_001);
    expect(wide.at(-1)).toBe('[…]');
  });
});

describe('a masked error', () => {
  it('has message, stack, cause, errors and what was hung on it', () => {
    const cause = new TypeError(`cause ${VALUE}`);
    const errors = [new Error(`one ${VALUE}`)];
    const original = Object.assign(new AggregateError(errors, `said ${VALUE}`, { cause }), { config: { auth: VALUE } });
    const copy = maskObject(original) as typeof original;
    expect(copy).toBeInstanceOf(AggregateError);
    expect(copy.message).toBe('said *****');
    expect(copy.stack).toBe(original.stack?.replaceAll(VALUE, '*****'));
    expect((copy.cause as Error).message).toBe('cause *****');
    expect((copy.errors[0] as Error).message).toBe('one *****');
    expect(copy.config).toEqual({ auth: '*****' });
    expect(original.message).toContain(VALUE);
    expectNoLeak(copy);
  });
});

describe('what clients hand out', () => {
  const server = createServer((req, res) => {
    req.resume();
    res.writeHead(500, { 'x-echo': String(req.headers.authorization) }).end(`no, ${req.headers.authorization}`);
  });
  let url = '';
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/?k=${encodeURIComponent(VALUE)}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  const basic = `Basic ${Buffer.from(`ali:${VALUE}`).toString('base64')}`;

  it.each<[string, () => Promise<unknown>]>([
    ['axios', () => axios.post(url, { pw: VALUE }, { auth: { username: 'ali', password: VALUE } })],
    ['axios with fetch', () => axios.get(url, { adapter: 'fetch', headers: { authorization: basic } })],
    ['got', () => got(url, { headers: { authorization: basic }, retry: { limit: 0 } })],
    ['got, refused', () => got('http://127.0.0.1:1/', { password: VALUE, username: 'ali', retry: { limit: 0 } })],
    ['ky', () => ky(url, { headers: { authorization: basic }, retry: 0 })],
    ['fetch', () => fetch(`https://ali:${encodeURIComponent(VALUE)}@h/`)],
  ])('shows no secret: the error of %s', async (_name, call) => {
    const error = await call().then(
      () => expect.unreachable(),
      (reason: unknown) => reason,
    );
    const copy = maskObject(error);
    expect(copy).toBeInstanceOf((error as object).constructor);
    expectNoLeak(copy);
  });

  it('shows no secret: requests and responses', async () => {
    const response = await fetch(url, { headers: { authorization: basic } });
    const masked = maskObject(response) as { headers: Headers; status: number };
    expect(masked.status).toBe(500);
    expect(masked.headers.get('x-echo')).toMatch(/^Basic YWxpO\*{5}$/);
    for (const value of [response, new Request(url, { headers: { authorization: basic } })]) {
      expectNoLeak(maskObject({ value }));
    }
  });

  it('shows no secret: a request of node:http and its answer', async () => {
    const [sent, answer] = await new Promise<unknown[]>((resolve) => {
      const outgoing = request(url, { headers: { authorization: basic } }, (res) => resolve([outgoing, res.resume()]));
      outgoing.end();
    });
    expect(maskObject(sent)).toMatchObject({ kind: '[ClientRequest]', method: 'GET', path: '/?k=*****' });
    expect(maskObject(answer)).toMatchObject({ kind: '[IncomingMessage]', statusCode: 500 });
    expectNoLeak(maskObject([sent, answer]));
  });

  it('shows no secret: a form', () => {
    const form = new FormData();
    form.append('pw', VALUE);
    form.append('file', new Blob(['x']), `${VALUE}.txt`);
    const copy = maskObject(form) as FormData;
    expect([...copy]).toEqual([
      ['pw', '*****'],
      ['file', '[File: *****.txt]'],
    ]);
  });
});
