import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { UndiciAttempt } from '../../../../src/adapters/undici/attempt.ts';
import { type AuthDispatchOptions, type CallParts, readCall } from '../../../../src/adapters/undici/parts.ts';
import { ConfigurationError } from '../../../../src/errors.ts';

const call = (options: object): CallParts | undefined =>
  readCall({ origin: 'https://api.example', path: '/', method: 'GET', ...options } as AuthDispatchOptions);

const attempt = (options: object): UndiciAttempt => new UndiciAttempt(call(options) as CallParts, 'overwrite');

describe('where a request goes', () => {
  it.each([
    ['https://api.example', '/', 'https://api.example', 'https://api.example/'],
    ['https://api.example/', '/a?b=c', 'https://api.example', 'https://api.example/a?b=c'],
    [new URL('https://api.example/ignored'), '/a', 'https://api.example', 'https://api.example/a'],
    ['HTTPS://API.example:443', '/a', 'https://api.example', 'https://api.example/a'],
    ['http://api.example:8080', '/a', 'http://api.example:8080', 'http://api.example:8080/a'],
    // None of these may lead a URL parser to another host.
    ['https://api.example', '//evil.example/a', 'https://api.example', 'https://api.example//evil.example/a'],
    ['https://api.example', '/\\evil.example/a', 'https://api.example', 'https://api.example//evil.example/a'],
    ['https://api.example', '/@evil.example', 'https://api.example', 'https://api.example/@evil.example'],
    ['https://user:pw@api.example', '/a', 'https://api.example', 'https://api.example/a'],
    ['https://api.example', 'https://api.example/a', 'https://api.example', 'https://api.example/a'],
  ])('%s and %s is at %s', (origin, path, bound, url) => {
    expect(attempt({ origin, path }).origin).toBe(bound);
    expect(attempt({ origin, path }).url.href).toBe(url);
  });

  it.each([
    ['a path that names another origin', { path: 'https://evil.example/a' }],
    ['another origin, with a path that names ours', { origin: 'https://evil.example', path: 'https://api.example/a' }],
    ['a path that is neither', { path: 'a' }],
    ['an unreadable origin', { origin: 'nonsense' }],
    ['no path', { path: undefined }],
    ['no method', { method: undefined }],
    ['headers that are text', { headers: 'accept: a/b' }],
    ['an aborted signal', { signal: AbortSignal.abort() }],
  ])('leaves %s to undici', (_name, options) => {
    expect(call(options)).toBeUndefined();
  });

  it.each([undefined, null, ''])('refuses to sign for the origin %s', (origin) => {
    expect(() => call({ origin })).toThrow(ConfigurationError);
    expect(() => call({ origin })).toThrow(/'origin'/);
  });

  it('of CONNECT is the origin that the connection goes to', () => {
    const connect = attempt({ method: 'CONNECT', path: 'far.example:443' });
    expect([connect.origin, connect.url.href]).toEqual(['https://api.example', 'https://api.example/']);
    connect.url = new URL('https://api.example/?key=1');
    expect(connect.signedOptions(null).path).toBe('far.example:443');
  });
});

describe('the query', () => {
  const signed = (options: object, search: (search: string) => string) => {
    const one = attempt(options);
    const url = new URL(one.url);
    url.search = search(url.search);
    one.url = url;
    const { path, query } = one.signedOptions(null);
    return { path, query };
  };
  const withKey = (search: string) => (search === '' ? 'key=1' : `${search}&key=1`);

  it.each([
    ['/a', undefined, '/a?key=1'],
    ['/a?b=c%20d+e', undefined, '/a?b=c%20d+e&key=1'],
    ['/a/../%7Eb|?c', undefined, '/a/../%7Eb|?c&key=1'],
    ['/a', { b: 'c d', e: [1, 'f&g'], h: true, i: null, j: 10n }, '/a?b=c%20d&e=1&e=f%26g&h=true&i=&j=10&key=1'],
    ['https://api.example/a?b=c', undefined, 'https://api.example/a?b=c&key=1'],
  ])('gets a key, and the rest of %s stays as the caller wrote it', (path, query, expected) => {
    expect(signed({ path, query }, withKey)).toEqual({ path: expected, query: undefined });
  });

  it('that is only looked at goes out as it came', () => {
    const query = { b: 'c' };
    expect(signed({ path: '/a/../b', query }, (search) => search)).toEqual({ path: '/a/../b', query });
  });

  it('can also be changed in place', () => {
    const one = attempt({ path: '/a' });
    one.url.searchParams.set('key', '1');
    expect(one.signedOptions(null).path).toBe('/a?key=1');
  });

  it('never takes another origin or path from the authenticator', () => {
    const one = attempt({ path: '/a' });
    one.url = new URL('https://evil.example/b?key=1');
    expect(one.signedOptions(null)).toMatchObject({ origin: 'https://api.example', path: '/a?key=1' });
  });
});

describe('the options that are dispatched', () => {
  it("are a copy with everything that was the caller's", () => {
    const mark = Symbol('mark');
    const options = Object.freeze({ headers: Object.freeze({ a: 'b' }), blocking: true, signal: null, [mark]: 1 });
    const one = attempt(options);
    one.headers.set('authorization', 'Bearer x');

    expect(one.signedOptions('body')).toEqual({
      ...{ origin: 'https://api.example', path: '/', method: 'GET', blocking: true, signal: null, [mark]: 1 },
      ...{ headers: { a: 'b', authorization: 'Bearer x' }, body: 'body' },
    });
  });
});

describe('the body', () => {
  const view = new Uint8Array([0, 1, 2, 3]).subarray(1, 3);

  it.each([
    ['nothing', undefined, []],
    ['null', null, []],
    ['a string', 'ż', [0xc5, 0xbc]],
    ['a Buffer', Buffer.from([1, 2]), [1, 2]],
    ['a view', view, [1, 2]],
    ['an ArrayBuffer', view.slice().buffer, [1, 2]],
    ['a Blob', new Blob([view]), [1, 2]],
  ])('%s can be read and sent again', async (_name, body, bytes) => {
    const one = attempt({ method: 'POST', body });
    expect(one.replayable).toBe(true);
    expect([...((await one.readBody()) ?? [-1])]).toEqual(bytes);
  });

  it.each([
    ['a stream', () => Readable.from(['a'])],
    ['a web stream', () => new Blob(['a']).stream()],
    ['an async generator', () => (async function* () {})()],
    ['an iterable', () => new Set([Buffer.from('a')])],
  ])('%s can be neither', async (_name, make) => {
    const one = attempt({ method: 'POST', body: make() });
    expect(one.replayable).toBe(false);
    expect(await one.readBody()).toBeUndefined();
  });

  it('of a form is read as it will be sent', async () => {
    const body = new FormData();
    body.set('a', 'b');
    const one = attempt({ method: 'POST', body });
    expect(one.replayable).toBe(true);
    expect(new TextDecoder().decode(await one.readBody())).toContain('name="a"\r\n\r\nb\r\n');
  });

  it('from a bodyFactory can be sent again', async () => {
    const one = attempt({ method: 'POST', body: Readable.from(['a']), bodyFactory: () => Readable.from(['a']) });
    expect(one.replayable).toBe(true);
    expect(await one.readBody()).toBeUndefined();
  });
});
