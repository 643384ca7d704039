import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { AuthForward, type AuthForwardOptions, type IncomingLike } from '../../../src/authenticators/forward.ts';
import { ConfigurationError, CredentialError } from '../../../src/errors.ts';
import { credentialFilter } from '../../../src/logging/credential-filter.ts';
import { fakeRequest } from '../../helpers/fake-request.ts';

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
    auth.modifyRequest(request, auth.authenticate());
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

describe('AuthForward masks', () => {
  it("every user's token while it is recent, in bounded memory", () => {
    const headers = { authorization: '' };
    const keys: string[] = [];
    class Counted extends AuthForward {
      protected override updateSecret(key: string, value: string): void {
        keys.push(key);
        super.updateSecret(key, value);
      }
    }
    const auth = new Counted({ incoming: () => ({ headers }) });
    for (let n = 0; n < 1000; n += 1) {
      headers.authorization = `Bearer user-token-${n}`;
      auth.authenticate();
      auth.authenticate();
    }
    headers.authorization = 'Bearer user-token-0';
    auth.authenticate();
    expect(keys, 'a user who comes back is masked again').toHaveLength(1001);
    expect(new Set(keys).size).toBe(256);
    expect(credentialFilter.mask('user-token-999 user-token-744')).toBe('***** *****');
  });
});
