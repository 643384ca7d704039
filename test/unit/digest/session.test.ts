import { describe, expect, it } from 'vitest';
import { parseAuthParams, parseChallenges } from '../../../src/challenge/parse.ts';
import { DigestSession } from '../../../src/digest/session.ts';
import { ChallengeError, CredentialError } from '../../../src/errors.ts';
import { ADA, challenged, expectedResponse, paramsOf } from './by-hand.ts';

const message = { method: 'GET', uri: '/x' };
const digest = (params: string) => parseChallenges(`Digest ${params}`);
const nonceOf = (session: DigestSession) => paramsOf(session.answer(message, ADA)).nonce;

describe('which challenge is answered', () => {
  const choices: [name: string, field: string, chosen: string | undefined, options?: { allowMd5: boolean }][] = [
    ['the strongest', 'Digest realm=a, nonce=1, Digest realm=a, nonce=2, algorithm=SHA-256', '2'],
    [
      'the strongest of three',
      'Digest realm=a, nonce=1, algorithm=SHA-256, Digest realm=a, nonce=2, algorithm=SHA-512-256, Digest realm=a, nonce=3, algorithm=MD5',
      '2',
    ],
    [
      'the first of two that are equally strong',
      'Digest realm=a, nonce=1, algorithm=MD5-sess, Digest realm=a, nonce=2',
      '1',
    ],
    ['an algorithm in any case', 'Digest realm=a, nonce=1, algorithm=sHa-256', '1'],
    ['none with an algorithm that nobody knows', 'Digest realm=a, nonce=1, algorithm=SHA-512', undefined],
    ['none named after a property of objects', 'Digest realm=a, nonce=1, algorithm=constructor', undefined],
    ['the known one beside an unknown one', 'Digest realm=a, nonce=1, algorithm=SHA3, Digest realm=a, nonce=2', '2'],
    ['none that wants something unknown proven', 'Digest realm=a, nonce=1, qop="auth-conf"', undefined],
    ['one whose quality of protection is empty', 'Digest realm=a, nonce=1, qop=""', '1'],
    ['none without a nonce', 'Digest realm=a', undefined],
    ['none without a realm', 'Digest nonce=1', undefined],
    ['no other scheme', 'Basic realm=a, nonce=1', undefined],
    ['none with MD5 where that is forbidden', 'Digest realm=a, nonce=1', undefined, { allowMd5: false }],
    [
      'none with MD5-sess where MD5 is forbidden',
      'Digest realm=a, nonce=1, algorithm=MD5-sess',
      undefined,
      { allowMd5: false },
    ],
    ['SHA-256 where MD5 is forbidden', 'Digest realm=a, nonce=1, algorithm=SHA-256', '1', { allowMd5: false }],
    ['the first of two parameters with one name', 'Digest realm=a, nonce=1, nonce=2', '1'],
    ['none that is too long to be answered', `Digest realm=a, nonce="${'n'.repeat(5000)}"`, undefined],
    ['none of 64 kB', `Digest realm="${'r'.repeat(64_000)}", nonce=1`, undefined],
  ];

  it.each(choices)('%s', (_, field, chosen, options) => {
    expect(nonceOf(challenged(field, options))).toBe(chosen);
  });

  it('is never a weaker one than the realm has accepted', () => {
    const session = challenged('Digest realm=a, nonce=1, algorithm=SHA-256');
    const answer = session.answer(message, ADA);
    if (answer !== undefined) session.accept(answer);
    expect(session.learn(digest('realm=a, nonce=2, algorithm=MD5, stale=true'), answer)).toBeUndefined();
    expect(session.learn(digest('realm=a, nonce=3, algorithm=SHA-512-256, stale=true'), answer)?.value).toBe('3');
  });

  it('none where a value holds what no header can carry', () => {
    for (const [name, value] of [
      ['realm', 'a\nb'],
      ['nonce', '\u0001'],
      ['opaque', '\u0100'],
    ] as const) {
      const params = new Map([
        ['realm', 'a'],
        ['nonce', '1'],
        [name, value],
      ]);
      expect(new DigestSession().learn([{ scheme: 'digest', params }])).toBeUndefined();
    }
  });
});

describe('quoting', () => {
  it('quotes everything but algorithm, qop, nc and userhash', () => {
    const session = challenged('Digest realm="a", nonce="1", opaque="o", algorithm="MD5", qop="auth", userhash="true"');
    const header = session.answer(message, ADA)?.header ?? '';
    expect(header.replace(/cnonce="[^"]+"/, 'cnonce="c"').replace(/="[0-9a-f]{32}"/g, '="h"')).toBe(
      'Digest username="h", realm="a", nonce="1", uri="/x", qop=auth, nc=00000001, cnonce="c", response="h", opaque="o", algorithm=MD5, userhash=true',
    );
  });

  it('escapes quotes and backslashes, and hashes what they stand for', () => {
    const session = challenged(String.raw`Digest realm="a \"b\" \\c", nonce="1"`);
    const login = { username: String.raw`a"d\a`, password: 'p' };
    const answer = session.answer({ method: 'GET', uri: String.raw`/x?\"` }, login);
    expect(answer?.header).toContain(String.raw`username="a\"d\\a", realm="a \"b\" \\c"`);
    expect(answer?.header).toContain(String.raw`uri="/x?\\\""`);
    const expected = { ...login, realm: String.raw`a "b" \c`, nonce: '1', method: 'GET', uri: String.raw`/x?\"` };
    expect(paramsOf(answer).response).toBe(expectedResponse(expected));
  });

  it('says nothing that the server did not say', () => {
    const params = paramsOf(challenged('Digest realm="a", nonce="1"').answer(message, ADA));
    expect(Object.keys(params)).toEqual(['username', 'realm', 'nonce', 'uri', 'response']);
  });
});

it.each(['/a\r\nX: y', '/a\0', '/\u20ac'])('refuses the request target %j, which no header can carry', (uri) => {
  const session = challenged('Digest realm=a, nonce=1');
  expect(() => session.answer({ method: 'GET', uri }, ADA)).toThrow(CredentialError);
});

describe('names and realms beyond ASCII', () => {
  const login = { username: 'jo\u0308rg', password: 'pa\u0308ss' };
  const composed = { username: 'j\u00f6rg', password: 'p\u00e4ss', nonce: '1', ...message };

  it('hashes UTF-8 in its composed form, and names the user by username*', () => {
    const session = challenged('Digest realm="a", nonce="1", charset=UTF-8');
    const params = paramsOf(session.answer(message, login));
    expect(params['username*']).toBe("UTF-8''j%C3%B6rg");
    expect(params.username).toBeUndefined();
    expect(params.response).toBe(expectedResponse({ ...composed, realm: 'a' }));
  });

  it('percent-encodes what RFC 8187 wants so, and leaves it without quotes', () => {
    const session = challenged('Digest realm="a", nonce="1", algorithm=SHA-256');
    const header = session.answer(message, { username: '\u00f6\'(*)"', password: 'p' })?.header;
    expect(header).toContain("username*=UTF-8''%C3%B6%27%28%2A%29%22, ");
  });

  it('sends plain UTF-8 to servers that know neither charset nor SHA', () => {
    const params = paramsOf(challenged('Digest realm="a", nonce="1"').answer(message, login));
    expect(Buffer.from(params.username ?? '', 'latin1').toString()).toBe('j\u00f6rg');
  });

  it('hashes the bytes of a realm in UTF-8, and sends them back', () => {
    const realm = Buffer.from('Z\u00fcrich').toString('latin1');
    const params = paramsOf(challenged(`Digest realm="${realm}", nonce="1"`).answer(message, ADA));
    expect(params.realm).toBe(realm);
    expect(params.response).toBe(expectedResponse({ ...ADA, realm: 'Z\u00fcrich', nonce: '1', ...message }));
  });
});

describe('counting', () => {
  const counts = (session: DigestSession, times: number) =>
    Array.from({ length: times }, () => paramsOf(session.answer(message, ADA)).nc);

  it('goes up from 1 for each nonce, in eight hexadecimal digits', () => {
    const session = challenged('Digest realm="a", nonce="1", qop="auth"');
    expect(counts(session, 17)).toEqual(Array.from({ length: 17 }, (_, i) => (i + 1).toString(16).padStart(8, '0')));
    session.learn(digest('realm=a, nonce=2, qop=auth, stale=true'), session.answer(message, ADA));
    expect(counts(session, 2)).toEqual(['00000001', '00000002']);
  });

  it('goes on where a nonce is given once more', () => {
    const session = challenged('Digest realm="a", nonce="1", qop="auth"');
    const answer = session.answer(message, ADA);
    session.learn(digest('realm=a, nonce=1, qop=auth, opaque=new, stale=true'), answer);
    expect(counts(session, 1)).toEqual(['00000002']);
    if (answer !== undefined) session.accept(answer, parseAuthParams('nextnonce="1"'));
    expect(counts(session, 1)).toEqual(['00000003']);
  });

  it('makes a client nonce of 144 random bits for each request', () => {
    const session = challenged('Digest realm="a", nonce="1", qop="auth"');
    const cnonces = Array.from({ length: 100 }, () => paramsOf(session.answer(message, ADA)).cnonce ?? '');
    expect(new Set(cnonces).size).toBe(100);
    expect(cnonces.every((cnonce) => Buffer.from(cnonce, 'base64').length === 18)).toBe(true);
  });

  it('keeps one client nonce for each nonce of a -sess algorithm, whose key is made of it', () => {
    const session = challenged('Digest realm="a", nonce="1", qop="auth", algorithm=MD5-sess');
    const cnonces = [1, 2].map(() => paramsOf(session.answer(message, ADA)).cnonce);
    session.learn(digest('realm=a, nonce=2, qop=auth, algorithm=MD5-sess, stale=true'), session.answer(message, ADA));
    cnonces.push(paramsOf(session.answer(message, ADA)).cnonce);
    expect(cnonces[0]).toBe(cnonces[1]);
    expect(cnonces[2]).not.toBe(cnonces[0]);
  });
});

describe('what a refusal teaches', () => {
  const first = 'realm=a, nonce=1, qop=auth';
  const setUp = () => {
    const session = challenged(`Digest ${first}`);
    return { session, answer: session.answer(message, ADA) };
  };

  it('to repeat what was sent without an answer', () => {
    expect(new DigestSession().learn(digest(first))?.value).toBe('1');
  });

  it('to repeat once the nonce was stale', () => {
    const { session, answer } = setUp();
    expect(session.learn(digest('realm=a, nonce=2, stale=TRUE'), answer)?.value).toBe('2');
    expect(nonceOf(session)).toBe('2');
  });

  it('that the password is wrong', () => {
    const { session, answer } = setUp();
    expect(session.learn(digest('realm=a, nonce=2'), answer)).toBeUndefined();
    expect(session.learn(digest('realm=a, nonce=2, stale=false'), answer)).toBeUndefined();
  });

  it('to repeat with another nonce where the password was good before', () => {
    const { session, answer } = setUp();
    if (answer !== undefined) session.accept(answer);
    const next = session.answer(message, ADA);
    expect(session.learn(digest('realm=a, nonce=1'), next)).toBeUndefined();
    expect(session.learn(digest('realm=a, nonce=2'), next)?.value).toBe('2');
    const other = session.answer(message, { ...ADA, password: 'another' });
    expect(session.learn(digest('realm=a, nonce=3'), other)).toBeUndefined();
  });

  it('to repeat each of several with the nonce of its own, and to go on with the first', () => {
    const session = new DigestSession();
    const nonces = ['1', '2', '3'].map((value) => session.learn(digest(`realm=a, nonce=${value}, qop=auth`)));
    expect(nonces.map((nonce) => nonce?.value)).toEqual(['1', '2', '3']);
    expect(nonces.map((nonce) => paramsOf(session.answer(message, ADA, nonce)).nc)).toEqual(Array(3).fill('00000001'));
    expect(paramsOf(session.answer(message, ADA))).toMatchObject({ nonce: '1', nc: '00000002' });
  });
});

describe('what an accepted answer teaches', () => {
  const info = (text: string) => parseAuthParams(text);

  it('the next nonce', () => {
    const session = challenged('Digest realm=a, nonce=1, opaque=o, qop=auth');
    const answer = session.answer(message, ADA);
    if (answer !== undefined) session.accept(answer, info('nextnonce="2"'));
    expect(paramsOf(session.answer(message, ADA))).toMatchObject({ nonce: '2', nc: '00000001', opaque: 'o' });
  });

  it('a next nonce for each of several calls at the same time', () => {
    const session = new DigestSession();
    const nonces = ['1', '2', '3'].map((value) => session.learn(digest(`realm=a, nonce=${value}, qop=auth`)));
    const answers = nonces.map((nonce) => session.answer(message, ADA, nonce));
    for (const [i, answer] of answers.entries()) if (answer) session.accept(answer, info(`nextnonce="next ${i}"`));
    const taken = [1, 2, 3, 4].map(() => paramsOf(session.answer(message, ADA)));
    expect(taken.map(({ nonce, nc }) => [nonce, nc])).toEqual([
      ['next 0', '00000001'],
      ['next 2', '00000001'],
      ['next 1', '00000001'],
      ['next 1', '00000002'],
    ]);
  });

  it('that all older nonces are no better than a stale one', () => {
    const session = new DigestSession();
    const nonces = ['1', '2', '3'].map((value) => session.learn(digest(`realm=a, nonce=${value}, qop=auth`)));
    const answers = nonces.map((nonce) => session.answer(message, ADA, nonce));
    for (const [i, answer] of answers.entries()) if (answer) session.accept(answer, info(`nextnonce="next ${i}"`));
    session.learn(digest('realm=a, nonce=4, qop=auth, stale=true'), session.answer(message, ADA));
    expect([nonceOf(session), nonceOf(session)]).toEqual(['4', '4']);
  });

  it('no next nonce that could not be sent', () => {
    const session = challenged('Digest realm=a, nonce=1');
    const answer = session.answer(message, ADA);
    for (const next of ['', 'n'.repeat(5000), '\u0100']) {
      if (answer !== undefined) session.accept(answer, new Map([['nextnonce', next]]));
      expect(nonceOf(session)).toBe('1');
    }
  });

  it('that the server knows the password as well', () => {
    const session = challenged('Digest realm=a, nonce=1, qop="auth"');
    const answer = session.answer(message, ADA);
    const { nc = '', cnonce = '' } = paramsOf(answer);
    const known = { ...ADA, realm: 'a', nonce: '1', nc, cnonce, uri: '/x', method: '' };
    const rspauth = expectedResponse({ ...known, qop: 'auth' });
    expect(answer?.isProvenBy(info(`rspauth="${rspauth}", qop=auth`))).toBe(true);
    expect(answer?.isProvenBy(info(`rspauth="${rspauth.toUpperCase()}"`))).toBe(true);
    expect(answer?.isProvenBy(info(`rspauth="${rspauth.replace(/./, 'x')}"`))).toBe(false);
    expect(answer?.isProvenBy(info('qop=auth'))).toBeUndefined();
    const ofBody = info(`rspauth="${expectedResponse({ ...known, qop: 'auth-int', body: 'hi' })}", qop=auth-int`);
    expect(answer?.coversBody(ofBody)).toBe(true);
    expect(answer?.isProvenBy(ofBody, new TextEncoder().encode('hi'))).toBe(true);
    expect(answer?.isProvenBy(ofBody, new TextEncoder().encode('ho'))).toBe(false);
  });
});

describe('the body', () => {
  const qop = (offered: string, options = {}) => {
    const session = challenged(`Digest realm=a, nonce=1, qop="${offered}"`, options);
    return (body?: Uint8Array) => ({
      wanted: session.wantsBody(),
      qop: paramsOf(session.answer({ ...message, body }, ADA)).qop,
    });
  };
  const bytes = new TextEncoder().encode('body');

  it.each([
    ['auth, auth-int', {}, bytes, { wanted: false, qop: 'auth' }],
    ['auth, auth-int', { qop: 'auth-int' }, bytes, { wanted: true, qop: 'auth-int' }],
    ['auth, auth-int', { qop: 'auth-int' }, undefined, { wanted: true, qop: 'auth' }],
    ['auth', { qop: 'auth-int' }, bytes, { wanted: false, qop: 'auth' }],
    ['auth-int', {}, bytes, { wanted: true, qop: 'auth-int' }],
    ['AUTH-INT,auth-conf', {}, bytes, { wanted: true, qop: 'auth-int' }],
  ] as const)('qop "%s" with %o', (offered, options, body, expected) => {
    expect(qop(offered, options)(body)).toEqual(expected);
  });

  it('must be known where the server insists on its signature', () => {
    expect(() => qop('auth-int')(undefined)).toThrow(ChallengeError);
  });
});
