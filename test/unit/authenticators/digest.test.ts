import { createHash } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { AuthDigest, type AuthDigestOptions } from '../../../src/authenticators/digest.ts';
import { buildAuthenticator } from '../../../src/builders/build-authenticator.ts';
import { parseChallenges } from '../../../src/challenge/parse.ts';
import { ConfigurationError, CredentialError } from '../../../src/errors.ts';
import type { AuthRequest } from '../../../src/lifecycle/contract.ts';
import type { Exchange } from '../../../src/lifecycle/exchange.ts';
import { credentialFilter } from '../../../src/logging/credential-filter.ts';
import { secret } from '../../../src/secret.ts';
import { expectedResponse } from '../digest/by-hand.ts';
import { exchange, type HandRequest, HOME, request, response } from '../lifecycle/by-hand.ts';

const LOGIN = { username: 'ada', password: 'open sesame' };
const digest = (options: Partial<AuthDigestOptions> = {}) => new AuthDigest({ ...LOGIN, ...options });
const open = (auth: AuthDigest) => exchange(auth as never) as unknown as Exchange;

function refusal(to: AuthRequest, challenge: string) {
  return response(401, to, { headers: new Headers({ 'www-authenticate': challenge }) });
}

const field = (nonce: string, more = '') => `Digest realm="a", nonce="${nonce}", qop="auth"${more}`;

function answerOf({ headers }: HandRequest): Readonly<Record<string, string>> | undefined {
  const [challenge] = parseChallenges(headers.get('authorization'));
  return challenge && Object.fromEntries(challenge.params);
}

/** Sends one attempt after the other, each answered by a challenge or a status; says what was sent. */
async function call(auth: AuthDigest, answers: readonly (string | number)[], url?: string) {
  const one = open(auth);
  const sent: (Readonly<Record<string, string>> | undefined)[] = [];
  for (const answer of answers) {
    const attempt = request(url === undefined ? {} : { url });
    await one.prepare(attempt);
    sent.push(answerOf(attempt));
    const again = await one.review(typeof answer === 'number' ? response(answer, attempt) : refusal(attempt, answer));
    if (!again) break;
  }
  return sent;
}

describe('one call', () => {
  it('goes without an answer first, and is repeated with one', async () => {
    const sent = await call(digest(), [field('1'), 200]);
    expect(sent).toMatchObject([undefined, { nonce: '1', nc: '00000001', uri: '/path', username: 'ada' }]);
    const { cnonce = '', response = '' } = sent[1] ?? {};
    const known = {
      ...LOGIN,
      realm: 'a',
      nonce: '1',
      qop: 'auth',
      nc: '00000001',
      cnonce,
      method: 'GET',
      uri: '/path',
    };
    expect(response).toBe(expectedResponse(known));
  });

  it('has the answer at once where the server is known', async () => {
    const auth = digest();
    await call(auth, [field('1'), 200]);
    const attempt = request({ url: `${HOME}/other?x=1` });
    expect(open(auth).prepare(attempt)).toBeUndefined();
    expect(answerOf(attempt)).toMatchObject({ nonce: '1', nc: '00000002', uri: '/other?x=1' });
  });

  it('takes the nonce of its own refusal, whatever others have learned meanwhile', async () => {
    const auth = digest();
    const [one, two] = [open(auth), open(auth)];
    const [first, second] = [request(), request()];
    for (const [part, attempt] of [
      [one, first],
      [two, second],
    ] as const)
      await part.prepare(attempt);
    await one.review(refusal(first, field('1')));
    await two.review(refusal(second, field('2')));
    const repeats = [request(), request()];
    await two.prepare(repeats[1] as HandRequest);
    await one.prepare(repeats[0] as HandRequest);
    expect(repeats.map(answerOf)).toMatchObject([
      { nonce: '1', nc: '00000001' },
      { nonce: '2', nc: '00000001' },
    ]);
  });

  it('is repeated for a stale nonce even after it has learned one', async () => {
    const sent = await call(digest(), [field('1'), field('2', ', stale=true'), 200]);
    expect(sent).toMatchObject([undefined, { nonce: '1' }, { nonce: '2' }]);
  });

  it('ends after three requests, whatever the server says', async () => {
    const stale = (nonce: string) => field(nonce, ', stale=true');
    expect(await call(digest(), [stale('1'), stale('2'), stale('3'), stale('4'), 200])).toHaveLength(3);
  });

  it('ends with a refusal of the password', async () => {
    expect(await call(digest(), [field('1'), field('2'), 200])).toHaveLength(2);
  });

  it('is repeated with a password that has changed since', async () => {
    const passwords = ['old password', 'new password'];
    const sent = await call(digest({ password: () => passwords.shift() ?? '' }), [field('1'), field('2'), 200]);
    const { cnonce = '', response } = sent[2] ?? {};
    const known = { realm: 'a', nonce: '2', qop: 'auth', nc: '00000001', cnonce, method: 'GET', uri: '/path' };
    expect(response).toBe(expectedResponse({ ...known, username: 'ada', password: 'new password' }));
  });

  it.each([
    ['Basic realm="a"'],
    ['Digest realm="a", nonce="1", algorithm=SHA3'],
    ['Digest realm="a", nonce="1", qop="auth-conf"'],
    ['Digest realm="a"'],
    [''],
    [`Digest realm="a", nonce="${'1'.repeat(65_536)}"`],
    ['Digest '.repeat(10_000)],
  ])('is not repeated for %.50s', async (challenge) => {
    expect(await call(digest(), [challenge, 200])).toEqual([undefined]);
  });

  it('leaves alone what a server without a challenge says', async () => {
    expect(await call(digest(), [500])).toEqual([undefined]);
  });
});

describe('several servers', () => {
  it('each have a nonce of their own', async () => {
    const auth = digest({ origins: '*' });
    await call(auth, [field('1'), 200]);
    expect(await call(auth, [200], 'https://other.example/')).toEqual([undefined]);
    await call(auth, [field('2'), 200], 'https://other.example/');
    expect(await call(auth, [200])).toMatchObject([{ nonce: '1', nc: '00000002' }]);
    expect(await call(auth, [200], 'https://other.example/')).toMatchObject([{ nonce: '2', nc: '00000002' }]);
  });

  it('learns from the one that a client was led to', async () => {
    const auth = digest({ origins: '*' });
    const one = open(auth);
    const attempt = request();
    await one.prepare(attempt);
    const url = 'https://other.example/landing';
    await one.review(response(401, attempt, { url, headers: new Headers({ 'www-authenticate': field('1') }) }));
    expect(await call(auth, [200], url)).toMatchObject([{ nonce: '1' }]);
    expect(await call(auth, [200])).toEqual([undefined]);
  });

  it('get no answer that was made for another one, not even behind a redirect', async () => {
    const auth = digest({ origins: '*' });
    const one = open(auth);
    const first = request();
    await one.prepare(first);
    await one.review(refusal(first, field('1')));
    await one.prepare(request());
    const [elsewhere, here] = [request({ url: 'https://other.example/hop' }), request({ url: `${HOME}/hop` })];
    await one.prepareHop(elsewhere);
    await one.prepareHop(here);
    expect([elsewhere, here].map(answerOf)).toMatchObject([undefined, { nonce: '1', nc: '00000002', uri: '/hop' }]);
  });

  it('are forgotten, the oldest first, if there are very many', async () => {
    const auth = digest({ origins: '*' });
    for (let i = 0; i < 150; i += 1) await call(auth, [field(`of ${i}`), 200], `https://s${i}.example/`);
    expect(await call(auth, [200], 'https://s0.example/')).toEqual([undefined]);
    expect(await call(auth, [200], 'https://s149.example/')).toMatchObject([{ nonce: 'of 149' }]);
  });
});

describe('secrets', () => {
  it.each([
    ['CR in the password', 'ada', 'top\rsecret'],
    ['NUL in the user name', 'top\0secret', 'x'],
    ['half of a surrogate pair', 'ada', 'top\ud800secret'],
  ])('refuses %s at construction, without printing it', (_, username, password) => {
    let error: unknown;
    try {
      digest({ username, password });
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(CredentialError);
    expect(inspect(error, { showHidden: true, depth: 9 })).not.toContain('top');
  });

  it('refuses a bad answer of a function before any request', async () => {
    await expect(call(digest({ password: async () => 'line\nbreak' }), [200])).rejects.toThrow(CredentialError);
  });

  it('masks the password, and the hash that stands for it', async () => {
    const auth = digest({ username: 'ada', password: secret('a password to be masked') });
    await call(auth, [field('1'), 200]);
    const another = '8a8c7ccaeb41ba8d3cea1a2cd3c9c7ed';
    const ha1 = createHash('md5').update('ada:a:a password to be masked').digest('hex');
    expect(credentialFilter.mask(`a password to be masked, ${ha1}, ${another}`)).toBe(`*****, *****, ${another}`);
  });

  it('prints neither itself nor what the engine carries for it', async () => {
    const auth = digest({ password: 'not to be printed' });
    const credential = auth.authenticate({ request: request() });
    const attempt = request();
    auth.modifyRequest(attempt, await credential);
    await auth.checkResult(refusal(attempt, field('1')), await credential);
    auth.modifyRequest(attempt, await credential);
    const { response = '-' } = answerOf(attempt) ?? {};
    for (const value of [auth, await credential]) {
      expect(inspect(value, { depth: 9 })).not.toMatch(new RegExp(`not to be printed|${response}`));
      expect(JSON.stringify(value)).not.toMatch(new RegExp(`not to be printed|${response}`));
    }
  });
});

describe('from fields', () => {
  it('takes user name and password, and further options from opts', async () => {
    const opts = { allowMd5: 'false', strict: true, qop: 'auth-int' };
    const auth = buildAuthenticator({ authType: 'AuthDigest', ...LOGIN, opts: JSON.stringify(opts) }) as AuthDigest;
    expect(auth).toBeInstanceOf(AuthDigest);
    expect(await call(auth, [field('1'), 200])).toEqual([undefined]);
    expect(await call(auth, [field('1', ', algorithm=SHA-256'), field('2')])).toMatchObject([
      undefined,
      { algorithm: 'SHA-256' },
    ]);
  });

  it.each([
    [{ authType: 'AuthDigest' }, 'username'],
    [{ authType: 'AuthDigest', username: 'ada', opts: '{"qop":"none"}' }, 'opts'],
    [{ authType: 'AuthDigest', username: 'ada', opts: '{"algorithm":"MD5"}' }, 'opts'],
  ])('refuses %o', (fields, option) => {
    expect(() => buildAuthenticator(fields)).toThrow(expect.objectContaining({ option, name: 'ConfigurationError' }));
  });

  it('refuses a quality of protection that does not exist', () => {
    expect(() => digest({ qop: 'auth-conf' as never })).toThrow(ConfigurationError);
  });
});
