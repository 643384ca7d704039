import { inspect } from 'node:util';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { AuthRequest, AuthResponse } from '../../../src/lifecycle/contract.ts';
import { credentialFilter } from '../../../src/logging/credential-filter.ts';
import type { Demand, Token } from '../../../src/tokens/token.ts';
import { TokenAuthenticator, type TokenAuthenticatorOptions } from '../../../src/tokens/token-authenticator.ts';
import { HandSource, settle, token } from './by-hand.ts';
import { WatchedStore } from './watched-store.ts';

function fakeRequest() {
  const headers = new Headers();
  const url = new URL('https://api.example/');
  const request: AuthRequest = { method: 'GET', origin: url.origin, replayable: true, url, headers };
  return request;
}

const response = (status: number): AuthResponse => ({ status, headers: new Headers(), request: fakeRequest() });

function setUp(options: TokenAuthenticatorOptions = {}) {
  const source = new HandSource();
  const auth = new TokenAuthenticator(source, options);
  const request = fakeRequest();
  return { source, auth, request };
}

async function header(options: TokenAuthenticatorOptions, given: Token, name = 'authorization') {
  const { auth, request } = setUp({ ...options, token: given });
  await auth.modifyRequest(request, await auth.authenticate({ request }));
  return request.headers.get(name);
}

afterEach(() => void vi.restoreAllMocks());

describe('the header', () => {
  it.each([
    ['Bearer', 'Bearer abc'],
    ['bearer', 'Bearer abc'],
    ['BEARER', 'Bearer abc'],
    ['dpop', 'DPoP abc'],
    ['MAC', 'MAC abc'],
  ])('for the token type %s is %s', async (tokenType, expected) => {
    expect(await header({}, { accessToken: 'abc', tokenType })).toBe(expected);
  });

  it('may be another one, with a format of its own', async () => {
    expect(await header({ header: 'X-Auth-Token', format: '{}' }, token('abc'), 'x-auth-token')).toBe('abc');
    expect(await header({ format: 'Token token={}, again={}' }, token('abc'))).toBe('Token token=abc, again=abc');
  });

  it.each(['$&', '$1', "$'", '$$', '{}'])('takes the token %s literally', async (accessToken) => {
    expect(await header({ format: 'Bearer {}' }, token(accessToken))).toBe(`Bearer ${accessToken}`);
  });

  it.each([
    ['format', 'Bearer'],
    ['format', ''],
    ['format', 'Bearer {}\r\n'],
    ['header', ''],
    ['header', 'x auth'],
    ['header', 'x:\n'],
  ])('%s: %j is a configuration error that names it', (option, value) => {
    expect(() => setUp({ [option]: value })).toThrow(
      expect.objectContaining({ option, code: 'ERR_AUTH_CONFIGURATION' }),
    );
  });

  it('is built once per token, not once per request', async () => {
    let built = 0;
    class Counting extends TokenAuthenticator {
      protected override headerValue(given: Token): string {
        built += 1;
        return super.headerValue(given);
      }
    }
    const auth = new Counting(new HandSource(), { token: token('abc') });
    const request = fakeRequest();
    for (let i = 0; i < 5; i += 1) await auth.modifyRequest(request, await auth.authenticate({ request }));
    expect(built).toBe(1);
    await auth.modifyRequest(request, token('def'));
    expect(request.headers.get('authorization')).toBe('Bearer def');
  });
});

describe('authenticate', () => {
  it('gives the living token at once, and renews a refused one', async () => {
    const { auth, source, request } = setUp({ token: token('t1') });
    const t1 = auth.authenticate({ request }) as Token;
    expect(t1).toMatchObject({ accessToken: 't1' });
    expect(auth.checkIfAuthenticated()).toBe(true);
    const renewed = auth.authenticate({ request, refused: { credential: t1, response: response(401) } });
    expect(auth.checkIfAuthenticated()).toBe(false);
    source.last.resolve(token('t2'));
    expect(await renewed).toMatchObject({ accessToken: 't2' });
  });

  it('renews an accepted token again and again, one that was never accepted once', async () => {
    const { auth, source, request } = setUp({ token: token('t1') });
    const refuse = async (credential: Token, next: string) => {
      const renewed = auth.authenticate({ request, refused: { credential, response: response(401) } });
      if (renewed instanceof Promise) source.last.resolve(token(next));
      return renewed;
    };
    const t2 = await refuse(auth.authenticate({ request }) as Token, 't2');
    expect(await refuse(t2, 't3')).toBe(t2);
    auth.onAccepted(t2, response(200));
    expect((await refuse(t2, 't3')).accessToken).toBe('t3');
  });

  it('lets a subclass read a demand from the refusal', async () => {
    class Strict extends TokenAuthenticator {
      protected override demandOf(): Demand {
        return { scope: ['admin'] };
      }
    }
    const source = new HandSource();
    const auth = new Strict(source, { token: token('t1') });
    const request = fakeRequest();
    const credential = auth.authenticate({ request }) as Token;
    void auth.authenticate({ request, refused: { credential, response: response(401) } });
    expect(source.last.request.demand).toEqual({ scope: ['admin'] });
  });

  it('describes a token without its value', () => {
    const { auth, request } = setUp({ token: token('t1') });
    expect(auth.describeCredential(auth.authenticate({ request }) as Token)).toMatchObject({ generation: 1 });
  });
});

describe('secrets', () => {
  const text = 'access-1 refresh-1 identity-1';
  const learned = token('access-1', { refreshToken: 'refresh-1', idToken: 'identity-1' });

  it('of a first token are masked from the start', () => {
    setUp({ token: learned });
    expect(credentialFilter.mask(text)).toBe('***** ***** *****');
  });

  it('of a new token are masked before onToken hears of it', async () => {
    let shown = '';
    const made = token('access-2', { refreshToken: 'refresh-2', idToken: 'identity-2' });
    const { auth, source, request } = setUp({
      onToken: () => {
        shown = credentialFilter.mask('access-2 refresh-2 identity-2');
      },
    });
    const waiting = auth.authenticate({ request });
    source.last.resolve(made);
    await waiting;
    expect(shown).toBe('***** ***** *****');
  });

  it('of a stored token are masked as well', async () => {
    const store = new WatchedStore();
    await store.putByOther('k', token('access-3', { refreshToken: 'refresh-3' }));
    const { auth, request } = setUp({ store, storeKey: 'k' });
    await auth.authenticate({ request });
    expect(credentialFilter.mask('access-3 refresh-3')).toBe('***** *****');
  });

  it('show in no inspection: not in the authenticator, its cache or a token', async () => {
    const { auth, request } = setUp({ token: learned });
    const held = await auth.authenticate({ request });
    await auth.modifyRequest(request, held);
    for (const shown of [auth, auth.tokens, held, { credential: held }]) {
      expect(inspect(shown, { depth: 20, showHidden: true })).not.toMatch(/access-1|refresh-1|identity-1/);
    }
    expect(JSON.stringify([auth, auth.tokens])).not.toMatch(/access-1|refresh-1|identity-1/);
    expect(JSON.parse(JSON.stringify(held))).toMatchObject({ accessToken: 'access-1' });
  });
});

describe('a token that cannot be sent', () => {
  it.each([
    ['a line break', 'sec-ret\n'],
    ['CR and LF within', 'sec\r\nx-evil: 1'],
    ['NUL', 'sec\0ret'],
    ['a tab', 'sec\tret'],
    ['Latin-1', 'secr\u00e9t'],
    ['beyond Latin-1', 'secr\u20act'],
    ['a blank before', ' secret'],
    ['a blank after', 'secret '],
  ])('because of %s is refused without showing it', async (_name, accessToken) => {
    const { auth, source, request } = setUp();
    const waiting = auth.authenticate({ request });
    source.last.resolve(token(accessToken));
    const error = await Promise.resolve(waiting).catch((reason: unknown) => reason as Error);
    expect(error).toMatchObject({ code: 'ERR_AUTH_CREDENTIAL' });
    const shown = inspect(Object.assign(error as Error, { stack: '' }), { depth: 20, showHidden: true });
    expect(shown).not.toMatch(/sec(?!ret\.)/);
    expect(() => setUp({ token: token(accessToken) })).toThrow(/cannot be sent/);
  });

  it('is found in linear time', () => {
    const started = performance.now();
    expect(() => setUp({ token: token(`a${' '.repeat(100_000)}`) })).toThrow(/cannot be sent/);
    expect(performance.now() - started).toBeLessThan(1000);
  });

  it('may hold a blank within', async () => {
    expect(await header({ format: '{}' }, token('GoogleLogin auth=abc'))).toBe('GoogleLogin auth=abc');
  });
});

describe('debug lines', () => {
  it('tell what happened, and never a value', async () => {
    const lines: [string, unknown][] = [];
    const logger = { debug: (fields: unknown, message: string) => void lines.push([message, fields]) };
    const { auth, source, request } = setUp({ debug: true, logger });
    const waiting = auth.authenticate({ request });
    source.last.resolve(token('access-9', { refreshToken: 'refresh-9' }));
    const held = await waiting;
    const renewed = auth.authenticate({ request, refused: { credential: held, response: response(401) } });
    source.last.reject(new TypeError('fetch failed'));
    await expect(renewed).rejects.toThrow('source failed');
    void Promise.resolve(auth.tokens.get({ scope: ['a'] })).catch(() => undefined);
    await settle();
    expect(lines.map(([message]) => message)).toEqual([
      'renewal started',
      'renewed',
      'refresh token withheld',
      'renewal started',
      'renewal failed',
      'served from back-off',
    ]);
    expect(lines[0]?.[1]).toEqual({ reason: 'absent', generation: 1 });
    expect(lines[1]?.[1]).toEqual({ durationMs: expect.any(Number), generation: 1, waiters: 1 });
    expect(lines[4]?.[1]).toMatchObject({ reason: 'refused', terminal: false, nextTryInMs: expect.any(Number) });
    expect(JSON.stringify(lines)).not.toMatch(/access-9|refresh-9/);
  });
});
