import { Headers as UndiciHeaders } from 'undici';
import { describe, expect, it } from 'vitest';
import { copyHeaders, readHeaders } from '../../../../src/adapters/undici/headers.ts';
import { CredentialError } from '../../../../src/errors.ts';

function* generated(): Generator<[string, string]> {
  yield ['Accept', 'a/b'];
  yield ['X-Old', '1'];
}

const pairs: [string, string][] = [
  ['Accept', 'a/b'],
  ['X-Old', '1'],
];
const flat = ['Accept', 'a/b', 'X-Old', '1'];

describe("the caller's headers", () => {
  it.each([
    ['nothing', undefined, {}],
    ['null', null, {}],
    ['an object', { Accept: 'a/b', 'X-Old': ['1', '2'] }, { Accept: 'a/b', 'X-Old': ['1', '2'] }],
    ['names and values in turn', flat, flat],
    ['pairs in a list', pairs, flat],
    ['a Map', new Map(pairs), flat],
    ['a generator', generated(), flat],
    ['Headers of Node', new Headers(pairs), ['accept', 'a/b', 'x-old', '1']],
    ['Headers of undici', new UndiciHeaders(pairs), ['accept', 'a/b', 'x-old', '1']],
    ['an empty list', [], []],
  ])('are read from %s', (_name, given, fields) => {
    expect(copyHeaders(readHeaders(given as never), 'overwrite').fields).toEqual(fields);
  });

  it.each([
    ['names only', new Set(['accept'])],
    ['triples', new Set([['a', 'b', 'c']])],
  ])('are refused where they are %s', (_name, given) => {
    expect(() => readHeaders(given as never)).toThrow(TypeError);
  });

  it('are never written to', () => {
    const object = Object.freeze({ accept: 'a/b' });
    const list = Object.freeze([...flat]) as string[];
    for (const given of [object, list]) copyHeaders(readHeaders(given), 'overwrite').set('accept', 'c/d');

    expect(object).toEqual({ accept: 'a/b' });
    expect(list).toEqual(flat);
  });

  it('are read once, however often they are sent', () => {
    const source = readHeaders(generated());

    expect(copyHeaders(source, 'overwrite').fields).toEqual(flat);
    expect(copyHeaders(source, 'overwrite').fields).toEqual(flat);
  });
});

describe('names and values in turn', () => {
  const headers = (policy: 'overwrite' | 'preserve' = 'overwrite') =>
    copyHeaders(
      ['Accept', 'a/b', 'COOKIE', 'a=1', 'Cookie', 'b=2', 'x-none', undefined as never, 'x-n', 5 as never],
      policy,
    );

  it.each([
    ['accept', 'a/b'],
    ['ACCEPT', 'a/b'],
    ['cookie', 'a=1, b=2'],
    ['x-none', null],
    ['x-n', '5'],
    ['a/b', null],
    ['authorization', null],
  ])('get %s', (name, value) => {
    expect(headers().get(name)).toBe(value);
    expect(headers().has(name)).toBe(value !== null);
  });

  it('replace every value of a name, whatever its case', () => {
    const signed = headers();
    signed.set('Cookie', 'c=3');
    expect(signed.fields).toEqual(['Accept', 'a/b', 'x-none', undefined, 'x-n', 5, 'cookie', 'c=3']);
    expect(signed.added).toEqual(['cookie']);
  });

  it('do not take a value for a name', () => {
    const signed = copyHeaders(['x-first', 'authorization', 'x-second', 'kept'], 'overwrite');
    signed.delete('authorization');
    expect(signed.get('x-second')).toBe('kept');
    expect(signed.fields).toHaveLength(4);
  });

  it("keep the caller's header under the policy 'preserve'", () => {
    const signed = headers('preserve');
    signed.set('Accept', 'c/d');
    signed.set('Authorization', 'ours');
    signed.set('authorization', 'ours, changed');
    expect([signed.get('accept'), signed.get('authorization')]).toEqual(['a/b', 'ours, changed']);
    expect([signed.added, signed.withheld]).toEqual([['authorization'], true]);
  });

  it('refuse what cannot be sent', () => {
    expect(() => headers().set('authorization', 'a\r\nb')).toThrow(CredentialError);
  });
});
