import { describe, expect, it } from 'vitest';
import { ADA, challenged, expectedResponse, paramsOf } from './by-hand.ts';
import { vectors } from './vectors.ts';

describe('the examples of the RFCs', () => {
  it.each(vectors)('$name', ({ challenge, login, message, cnonce, params }) => {
    const random = () => new Uint8Array(Buffer.from(cnonce ?? '', 'base64'));
    const answer = challenged(challenge, { random }).answer(message, login);
    expect(paramsOf(answer)).toMatchObject({ ...params, ...(cnonce && { cnonce }), uri: message.uri });
  });
});

const algorithms = [undefined, 'MD5', 'MD5-sess', 'SHA-256', 'SHA-256-sess', 'SHA-512-256', 'SHA-512-256-sess'];
const qops = [undefined, 'auth', 'auth-int'];
const bodies = ['', 'hello', '\u00fc\u{1f600}'];
const logins = [ADA, { username: 'j\u00f6rg', password: 'p\u00e4ssw\u00f6rd: "\\' }];
const matrix = algorithms.flatMap((algorithm) =>
  qops.flatMap((qop) => bodies.flatMap((body) => logins.map((login) => ({ algorithm, qop, body, login })))),
);

describe('every algorithm with every quality of protection', () => {
  it.each(matrix)('$algorithm, qop $qop, body "$body", user $login.username', ({ algorithm, qop, body, login }) => {
    const field = `Digest realm="the realm", nonce="abc"${algorithm ? `, algorithm=${algorithm}` : ''}${qop ? `, qop="${qop}"` : ''}`;
    const session = challenged(field);
    const message = { method: 'POST', uri: '/a%20b?c=d', body: new TextEncoder().encode(body) };
    for (const nc of ['00000001', '00000002']) {
      const params = paramsOf(session.answer(message, login));
      const { cnonce } = params;
      expect(params).toMatchObject({
        realm: 'the realm',
        nonce: 'abc',
        uri: '/a%20b?c=d',
        ...(algorithm && { algorithm }),
        ...(qop && { qop, nc }),
      });
      const known = { realm: 'the realm', nonce: 'abc', ...message, body, ...login, nc };
      const expected = expectedResponse({
        ...known,
        ...(cnonce && { cnonce }),
        ...(algorithm && { algorithm }),
        ...(qop && { qop }),
      });
      expect(params.response).toBe(expected);
    }
  });
});
