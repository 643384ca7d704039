import { describe, expect, it } from 'vitest';
import { parseChallenges } from '../../../src/challenge/parse.ts';
import { DigestSpaces } from '../../../src/digest/spaces.ts';
import { ADA, paramsOf } from './by-hand.ts';

const ORIGIN = 'https://api.example';
const spaces = () => new DigestSpaces(ORIGIN, {});

function challenge(at: DigestSpaces, uri: string, realm: string, more = '') {
  return at.learn(parseChallenges(`Digest realm="${realm}", nonce="of ${realm}", qop="auth"${more}`), uri, undefined);
}

function realmOf(at: DigestSpaces, uri: string): string | undefined {
  return paramsOf(at.sessionFor(uri)?.answer({ method: 'GET', uri }, ADA)).realm;
}

describe('where an answer is given without being asked for', () => {
  it('nowhere before the first challenge', () => {
    expect(realmOf(spaces(), '/')).toBeUndefined();
  });

  it('everywhere at the server that names no domain', () => {
    const at = spaces();
    challenge(at, '/a/b', 'one');
    expect(['/', '/a/b', '/z?q', '/a'].map((uri) => realmOf(at, uri))).toEqual(Array(4).fill('one'));
  });

  it.each([
    ['/a/ /b', { '/a/x': true, '/b': true, '/bc': true, '/c': false, '/': false }],
    ['https://api.example/a', { '/a': true, '/b': false }],
    ['https://other.example/a //other.example/a', { '/a': false, '/asked/x': true }],
    ['http://api.example/a', { '/a': false }],
    ['::: /a', { '/a': true }],
  ])('within the domain "%s", and where it was challenged', (domain, expected) => {
    const at = spaces();
    challenge(at, '/asked/here', 'one', `, domain="${domain}"`);
    const found = Object.keys(expected).map((uri) => [uri, realmOf(at, uri) === 'one']);
    expect(Object.fromEntries(found)).toEqual(expected);
    expect(realmOf(at, '/asked/there')).toBe('one');
  });

  it('within the first few URIs of a domain that has thousands', () => {
    const at = spaces();
    const paths = Array.from({ length: 5000 }, (_, i) => `/p${i}/`);
    const kept = challenge(at, '/asked/here', 'one', `, domain=" ${paths.join(' ')}"`)?.nonce.challenge.domain;
    expect(kept).toEqual(paths.slice(0, 16));
    expect(['/p0/x', '/p15/x', '/p16/x'].map((uri) => realmOf(at, uri))).toEqual(['one', 'one', undefined]);
  });

  it('for the realm that has challenged nearest', () => {
    const at = spaces();
    challenge(at, '/a/x?to=/b/', 'one');
    challenge(at, '/b/x', 'two');
    const uris = ['/a/y', '/b/y?from=/a/', '/b/c/d', '/elsewhere'];
    expect(uris.map((uri) => realmOf(at, uri))).toEqual(['one', 'two', 'two', 'two']);
    challenge(at, '/a/z', 'one');
    expect(realmOf(at, '/elsewhere')).toBe('one');
  });
});

it('repeats for another realm what one realm has refused', () => {
  const at = spaces();
  const one = challenge(at, '/a', 'one');
  const answer = one?.session.answer({ method: 'GET', uri: '/b' }, ADA, one.nonce);
  const field = 'Digest realm="two", nonce="2"';
  expect(at.learn(parseChallenges(field), '/b', answer)?.nonce.value).toBe('2');
  const refused = at.sessionFor('/b')?.answer({ method: 'GET', uri: '/b' }, ADA);
  expect(at.learn(parseChallenges(field.replace('2"', '3"')), '/b', refused)).toBeUndefined();
});

it('takes of several realms the one with the strongest algorithm', () => {
  const field = 'Digest realm=one, nonce=1, Digest realm=two, nonce=2, algorithm=SHA-256, Digest realm=two, nonce=3';
  const remedy = spaces().learn(parseChallenges(field), '/', undefined);
  expect(remedy?.nonce).toMatchObject({ value: '2', challenge: { realm: 'two' } });
});

it('remembers no more of a domain than is any use', () => {
  const at = spaces();
  const domain = Array.from({ length: 5000 }, (_, i) => `/place/${i}/`).join(' ');
  challenge(at, '/asked/here', 'one', `, domain="/${'long'.repeat(300)} ${domain}"`);
  expect(['/place/0/', '/place/4999/', `/${'long'.repeat(300)}`, '/asked/x'].map((uri) => realmOf(at, uri))).toEqual([
    'one',
    undefined,
    undefined,
    'one',
  ]);
  for (let i = 0; i < 100; i += 1) challenge(at, `/${i}/x`, 'one', ', domain="/d"');
  expect(['/99/y', '/d', '/0/y'].map((uri) => realmOf(at, uri))).toEqual(['one', 'one', undefined]);
});

it('forgets the oldest of many realms', () => {
  const at = spaces();
  for (let i = 0; i < 100; i += 1) challenge(at, `/${i}/x`, `realm ${i}`);
  expect(realmOf(at, '/99/x')).toBe('realm 99');
  expect(realmOf(at, '/0/x')).toBe('realm 99');
});
