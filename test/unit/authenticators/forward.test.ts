import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate } from 'node:timers/promises';
import { inspect } from 'node:util';
import { describe, expect, it, vi } from 'vitest';
import { IncomingCredentialError } from '../../../src/authenticators/forward/incoming-credential-error.ts';
import { AuthForward, type AuthForwardOptions, type IncomingLike } from '../../../src/authenticators/forward.ts';
import { ConfigurationError, CredentialError } from '../../../src/errors.ts';
import { credentialFilter } from '../../../src/logging/credential-filter.ts';
import { fakeRequest, fakeResponse } from '../../helpers/fake-request.ts';

const NOW = 1_800_000_000_000;

function forward(headers: IncomingLike['headers'] | undefined, options: Partial<AuthForwardOptions> = {}) {
  return new AuthForward({ incoming: () => (headers ? { headers } : undefined), now: () => NOW, ...options });
}

function jwt(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none' })}.${part(claims)}.c2ln`;
}

describe('AuthForward finds the token', () => {
  it.each<[string, IncomingLike['headers'], Partial<AuthForwardOptions>, string]>([
    ["in node's headers", { authorization: 'Bearer abc' }, {}, 'Bearer abc'],
    ['in web headers', new Headers({ Authorization: 'Bearer abc' }), {}, 'Bearer abc'],
    ['under another name', { 'x-foundry-accesstoken': 'abc' }, { header: 'X-Foundry-AccessToken' }, 'Bearer abc'],
    ['under a name spelt otherwise', { 'X-Token': 'abc' }, { header: 'x-token' }, 'Bearer abc'],
    ['with a scheme in lower case, sent once', { authorization: 'bearer  abc ' }, {}, 'Bearer abc'],
    ['for a format of its own', { authorization: 'Bearer abc' }, { format: 'Token {} $&' }, 'Token abc $&'],
    ['in a list of one', { 'x-token': ['abc'] }, { header: 'x-token' }, 'Bearer abc'],
  ])('%s', (_name, headers, options, expected) => {
    expect(forward(headers, options).authenticate()).toBe(expected);
  });

  it('in a Request', () => {
    const served = new Request('https://h/', { headers: { authorization: 'Bearer abc' } });
    expect(new AuthForward({ incoming: () => served }).authenticate()).toBe('Bearer abc');
  });

  it('and sends it in the outgoing header', () => {
    const auth = forward({ authorization: 'Bearer abc' }, { outgoingHeader: 'x-user-token', format: '{}' });
    const request = fakeRequest();
    auth.modifyRequest(request, auth.authenticate() as string);
    expect(request.headers.get('x-user-token')).toBe('abc');
  });
});

describe('AuthForward keeps users apart', () => {
  it('by AsyncLocalStorage, however their requests overlap', async () => {
    const served = new AsyncLocalStorage<IncomingLike>();
    const auth = new AuthForward({ incoming: served });
    const call = (user: string) =>
      served.run({ headers: { authorization: `Bearer ${user}` } }, async () => {
        const before = auth.authenticate();
        await setImmediate();
        return [before, auth.authenticate()];
      });
    const users = Array.from({ length: 20 }, (_, n) => `user-${n}`);
    expect(await Promise.all(users.map(call))).toEqual(users.map((user) => [`Bearer ${user}`, `Bearer ${user}`]));
    expect(() => auth.authenticate()).toThrow(CredentialError);
  });

  it('by reading anew every time', () => {
    const headers = { authorization: 'Bearer first' };
    const auth = forward(headers);
    expect(auth.authenticate()).toBe('Bearer first');
    headers.authorization = 'Bearer second';
    expect(auth.authenticate()).toBe('Bearer second');
  });

  it('after a refusal has nothing better than the same token', () => {
    const auth = forward({ authorization: 'Bearer abc' });
    expect(Object.is(auth.authenticate(), auth.authenticate())).toBe(true);
  });
});

describe('AuthForward says clearly', () => {
  it.each<[string, IncomingLike['headers'] | undefined, RegExp]>([
    ['no request is being served', undefined, /no incoming request/],
    ['the header is absent', {}, /no token in its header 'authorization'/],
    ['the header is empty', { authorization: '' }, /no token/],
    ['there is a scheme only', { authorization: 'Bearer ' }, /no token/],
    ['there is another scheme', { authorization: 'Basic czNjcjpldA==' }, /something else than one token/],
    [
      'there are two tokens',
      new Headers([
        ['authorization', 's3cr'],
        ['authorization', 's3cr'],
      ]),
      /something else/,
    ],
    ['it is on a prototype only', Object.create({ authorization: 'Bearer s3cr' }), /no token/],
    ['it cannot be sent', { authorization: 'Bearer s3cr\u20ac' }, /cannot be sent/],
    ['it has expired', { authorization: `Bearer ${jwt({ exp: NOW / 1000 })}` }, /sign in again \(refresh the page\)/],
  ])('that %s', (_name, headers, message) => {
    const act = () => forward(headers).authenticate();
    expect(act).toThrow(CredentialError);
    expect(act).toThrow(message);
    expect(act).not.toThrow(/s3cr|czNj|eyJ/);
  });

  it('nothing of what an error of the getter carries', () => {
    const cause = Object.assign(new Error('gone'), { request: { headers: { authorization: 'Bearer s3cr3t' } } });
    const auth = new AuthForward({ incoming: () => Promise.reject(cause) });
    return expect(auth.authenticate()).rejects.toSatisfy((error) => !inspect(error, { depth: 9 }).includes('s3cr3t'));
  });

  it('that the getter failed', () => {
    const cause = new Error('no context');
    const auth = new AuthForward({
      incoming: () => {
        throw cause;
      },
    });
    expect(() => auth.authenticate()).toThrow(expect.objectContaining({ code: 'ERR_AUTH_CREDENTIAL', cause }));
  });

  it.each([
    [{ incoming: undefined }, 'incoming'],
    [{ header: 'a b' }, 'header'],
    [{ outgoingHeader: '' }, 'outgoingHeader'],
    [{ format: 'Bearer' }, 'format'],
  ])('that %o is wrong', (options, option) => {
    const make = () => new AuthForward({ incoming: () => undefined, ...options } as AuthForwardOptions);
    expect(make).toThrow(ConfigurationError);
    expect(make).toThrow(expect.objectContaining({ option }));
  });
});

describe('AuthForward sends', () => {
  it.each([
    ['a JWT that lives', jwt({ exp: NOW / 1000 + 1 })],
    ['a JWT without exp', jwt({ sub: 'ada' })],
    ['a JWT with an exp that is no number', jwt({ exp: 'soon' })],
    ['what only looks like a JWT', 'a.b.c'],
  ])('%s', (_name, token) => {
    expect(forward({ authorization: `Bearer ${token}` }).authenticate()).toBe(`Bearer ${token}`);
  });
});

describe('AuthForward finds the request that is being served', () => {
  it('also with an async function', async () => {
    const auth = new AuthForward({
      incoming: async () => {
        await setImmediate();
        return { headers: { authorization: 'Bearer abc' } };
      },
    });
    expect(await auth.authenticate()).toBe('Bearer abc');
  });

  it('or says that the async function failed or found none', async () => {
    const cause = new Error('no context');
    const failing = new AuthForward({ incoming: () => Promise.reject(cause) });
    await expect(failing.authenticate()).rejects.toMatchObject({ code: 'ERR_AUTH_CREDENTIAL', cause });
    const none = new AuthForward({ incoming: async () => undefined });
    await expect(none.authenticate()).rejects.toThrow(/no incoming request/);
  });
});

describe("AuthForward blames the caller for the caller's token only", () => {
  it.each<[IncomingLike['headers'] | undefined, string | undefined]>([
    [{}, 'missing'],
    [{ authorization: 'Bearer ' }, 'missing'],
    [{ authorization: 'Basic YTpi' }, 'malformed'],
    [{ authorization: 'Bearer a"b' }, 'malformed'],
    [{ authorization: `Bearer ${'a'.repeat(8193)}` }, 'malformed'],
    [{ authorization: `Bearer ${jwt({ exp: 1 })}` }, 'expired'],
    [undefined, undefined],
  ])('%#', (headers, reason) => {
    const act = () => forward(headers).authenticate();
    expect(act).toThrow(CredentialError);
    if (reason === undefined) expect(act).not.toThrow(IncomingCredentialError);
    else expect(act).toThrow(expect.objectContaining({ name: 'IncomingCredentialError', reason }));
  });

  it('takes a token of 8 kB', () => {
    const token = 'a'.repeat(8192);
    expect(forward({ authorization: `Bearer ${token}` }).authenticate()).toBe(`Bearer ${token}`);
  });
});

describe('AuthForward masks', () => {
  /** Forwards a token, and has it answered. */
  function answered(auth: AuthForward, status: number): void {
    const response = fakeResponse(status);
    const value = auth.authenticate() as string;
    if (auth.checkResult(response, value) === true) auth.onAccepted(value, response);
  }

  it("every user's token that a server has accepted, while it is recent, in bounded memory", () => {
    const headers = { authorization: '' };
    const keys: string[] = [];
    class Counted extends AuthForward {
      protected override updateSecret(key: string, value: string): void {
        if (value !== '') keys.push(key);
        super.updateSecret(key, value);
      }
    }
    const auth = new Counted({ incoming: () => ({ headers }) });
    for (let n = 0; n < 1000; n += 1) {
      headers.authorization = `Bearer user-token-${n}`;
      answered(auth, 200);
      answered(auth, 200);
    }
    headers.authorization = 'Bearer user-token-0';
    answered(auth, 200);
    expect(keys, 'a user who comes back is masked again').toHaveLength(1001);
    expect(new Set(keys).size).toBe(256);
    expect(credentialFilter.mask('user-token-999 user-token-750')).toBe('***** *****');
  });

  it.each([401, 404, 403, 500])('nothing that a server has answered with %i', (status) => {
    const token = `unverified-${status}-token`;
    answered(forward({ authorization: `Bearer ${token}` }), status);
    expect(credentialFilter.mask(`a line with ${token}`)).toBe(`a line with ${token}`);
  });

  it('a JWT at once: nothing else looks like one', () => {
    const token = jwt({ sub: 'ada' });
    forward({ authorization: `Bearer ${token}` }).authenticate();
    expect(credentialFilter.mask(`a line with ${token}`)).toBe('a line with *****');
  });

  it.each([
    '203.0.113.7',
    '20301231',
    'localhost',
    'www.example-of-a-host.com',
    'api-1.example.com',
    'web01',
    'GET',
    'connection-refused',
  ])('no %s, even where a server accepts everything', (token) => {
    answered(forward({ authorization: `Bearer ${token}` }), 200);
    expect(credentialFilter.mask(`a line with ${token} in it`)).toBe(`a line with ${token} in it`);
  });

  it('no token for ever', () => {
    let time = NOW;
    const [told, held] = [vi.fn(), 3_600_000];
    class Told extends AuthForward {
      protected override updateSecret(key: string, value: string): void {
        told(key, value);
      }
    }
    const headers = { authorization: 'Bearer token-number-1' };
    const auth = new Told({ incoming: () => ({ headers }), now: () => time });
    answered(auth, 200);
    time += held;
    headers.authorization = 'Bearer token-number-2';
    answered(auth, 200);
    expect(told.mock.calls).toEqual([
      ['incoming.0', 'token-number-1'],
      ['incoming.0', ''],
      ['incoming.0', 'token-number-2'],
    ]);
  });

  it('no more than half a megabyte', () => {
    const live = new Map<string, string>();
    class Told extends AuthForward {
      protected override updateSecret(key: string, value: string): void {
        if (value === '') live.delete(key);
        else live.set(key, value);
      }
    }
    const headers = { authorization: '' };
    const auth = new Told({ incoming: () => ({ headers }) });
    for (let n = 0; n < 200; n += 1) {
      headers.authorization = `Bearer ${String(n).padStart(8, '0')}${'aB3'.repeat(2728)}`;
      answered(auth, 200);
    }
    expect(live.size).toBeLessThanOrEqual(64);
    expect([...live.values()].at(-1)).toMatch(/^00000199/);
  });
});
