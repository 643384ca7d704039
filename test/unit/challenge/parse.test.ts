import { describe, expect, it } from 'vitest';
import { type Challenge, parseAuthParams, parseChallenges } from '../../../src/challenge/parse.ts';
import {
  lists,
  malformed,
  parameters,
  providers,
  published,
  quoted,
  type Said,
  token68s,
  type Vector,
} from './vectors.ts';

function say({ scheme, params, token68 }: Challenge): Said {
  const content = token68 ?? (params.size > 0 ? Object.fromEntries(params) : undefined);
  return content === undefined ? [scheme] : [scheme, content];
}

const read = (value: string | readonly string[]) => parseChallenges(value).map(say);

const families: readonly (readonly [string, readonly Vector[]])[] = [
  ['examples of the standards', published],
  ['fields of real providers', providers],
  ['lists', lists],
  ['parameters', parameters],
  ['token68', token68s],
  ['quoted strings', quoted],
  ['what no grammar allows', malformed],
];

describe.each(families)('%s', (_name, vectors) => {
  it.each(vectors.map((vector) => [vector[0], vector.slice(1)]))('%j', (input, said) => {
    expect(read(input as string)).toEqual(said);
  });
});

describe('several lines', () => {
  it('are one list (RFC 9110 §5.3)', () => {
    expect(read(['Negotiate', '', 'Basic realm="a, B"'])).toEqual([['negotiate'], ['basic', { realm: 'a, B' }]]);
  });

  it('may share a challenge', () => {
    expect(read(['Digest realm="a"', 'nonce="b"'])).toEqual([['digest', { realm: 'a', nonce: 'b' }]]);
  });

  it.each(families)('joined by a comma say the same: %s', (_name, vectors) => {
    const inputs = vectors.map(([input]) => input);
    expect(read(inputs)).toEqual(read(inputs.join(', ')));
  });
});

describe('a challenge', () => {
  it('has a token68 or none at all', () => {
    expect(parseChallenges('Basic realm="x"')[0]).not.toHaveProperty('token68');
  });

  it('has parameters of its own', () => {
    const [a, b] = parseChallenges('A, B');
    expect(a?.params).toBeInstanceOf(Map);
    expect(a?.params).not.toBe(b?.params);
  });
});

describe('whatever is no text', () => {
  it.each([undefined, null, 1, {}, [1, null, 'A'], Symbol('x')])('says nothing: %o', (value) => {
    const challenges = parseChallenges(value as string);
    expect(challenges.map(say)).toEqual(Array.isArray(value) ? [['a']] : []);
  });
});

describe('Authentication-Info', () => {
  it('is parameters without a scheme', () => {
    const params = parseAuthParams('qop=auth, rspauth="6629", cnonce="0a4f113b", nc=00000001, nextnonce="a\\"b"');
    expect(Object.fromEntries(params)).toEqual({
      qop: 'auth',
      rspauth: '6629',
      cnonce: '0a4f113b',
      nc: '00000001',
      nextnonce: 'a"b',
    });
  });

  it('ends where a scheme begins', () => {
    expect(parseAuthParams('a=1, Basic b=2')).toEqual(new Map([['a', '1']]));
  });
});
