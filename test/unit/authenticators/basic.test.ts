import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { AuthBasic } from '../../../src/authenticators/basic.ts';
import { ConfigurationError, CredentialError } from '../../../src/errors.ts';
import { credentialFilter } from '../../../src/logging/credential-filter.ts';
import { secret } from '../../../src/secret.ts';
import { fakeRequest, fakeResponse } from '../../helpers/fake-request.ts';

const context = () => ({ request: fakeRequest() });

function headerOf(auth: AuthBasic): string | null {
  const request = fakeRequest();
  auth.modifyRequest(request, auth.authenticate() as string);
  return request.headers.get('authorization');
}

describe('AuthBasic', () => {
  it.each([
    ['RFC 7617 §2', 'Aladdin', 'open sesame', 'QWxhZGRpbjpvcGVuIHNlc2FtZQ=='],
    ['RFC 7617 §2.1, UTF-8', 'test', '123£', 'dGVzdDoxMjPCow=='],
    ['beyond Latin-1', 'ada', '密码', Buffer.from('ada:密码').toString('base64')],
    ['beyond the BMP', 'ada', '🔑', Buffer.from('ada:🔑').toString('base64')],
    ['an empty password', 'ada', '', Buffer.from('ada:').toString('base64')],
    ['a colon in the password', 'ada', 'a:b', Buffer.from('ada:a:b').toString('base64')],
    ['a decomposed letter, sent composed', 'ada', 'e\u0301', Buffer.from('ada:\u00e9').toString('base64')],
  ])('sends %s', (_name, username, password, encoded) => {
    expect(headerOf(new AuthBasic({ username, password }))).toBe(`Basic ${encoded}`);
  });

  it.each([
    ['raw', 'my id:s3cr:et /+%&='],
    ['secret-only', 'my id:s3cr%3Aet+%2F%2B%25%26%3D'],
    ['form', 'my+id:s3cr%3Aet+%2F%2B%25%26%3D'],
  ] as const)('encodes %s', (encoding, text) => {
    const auth = new AuthBasic({ username: 'my id', password: 's3cr:et /+%&=', encoding });
    expect(headerOf(auth)).toBe(`Basic ${btoa(text)}`);
  });

  it('form-encodes the example of RFC 6749 appendix B', () => {
    const auth = new AuthBasic({ username: 'id', password: ' %&+£€', encoding: 'form' });
    expect(headerOf(auth)).toBe(`Basic ${btoa('id:+%25%26%2B%C2%A3%E2%82%AC')}`);
  });

  it('lets a colon into a user name that is form-encoded', () => {
    expect(headerOf(new AuthBasic({ username: 'a:b', password: 'c', encoding: 'form' }))).toBe(
      `Basic ${btoa('a%3Ab:c')}`,
    );
  });

  it.each([
    ['a colon in the user name', 'top:secret', 'x', 'raw'],
    ['a colon in the user name', 'top:secret', 'x', 'secret-only'],
    ['CR in the password', 'ada', 'top\rsecret', 'raw'],
    ['LF in the password', 'ada', 'topsecret\n', 'form'],
    ['NUL in the password', 'ada', 'top\0secret', 'raw'],
    ['DEL in the password', 'ada', 'top\x7fsecret', 'secret-only'],
    ['a tab in the user name', 'top\tsecret', 'x', 'raw'],
    ['half of a surrogate pair', 'ada', 'top\ud800secret', 'raw'],
  ] as const)('refuses %s at construction, without printing it', (_name, username, password, encoding) => {
    const error = thrownBy(() => new AuthBasic({ username, password, encoding }));
    expect(error).toBeInstanceOf(CredentialError);
    expect(inspect(error, { showHidden: true, depth: 9 })).not.toMatch(/top|\x73ecret\n/);
  });

  it('refuses a bad answer of a function before the request', async () => {
    const auth = new AuthBasic({ username: 'ada', password: async () => 'line\nbreak' });
    await expect(auth.authenticate()).rejects.toThrow(CredentialError);
  });

  it('refuses an encoding that does not exist', () => {
    const options = { username: 'a', password: 'b', encoding: 'rot13' as 'raw' };
    expect(() => new AuthBasic(options)).toThrow(ConfigurationError);
  });

  it('gives the identical string for static secrets, also after a refusal', () => {
    const auth = new AuthBasic({ username: 'ada', password: secret('lovelace') });
    const first = auth.authenticate() as string;
    const refused = { credential: first, response: fakeResponse(401) };
    expect(auth.authenticate()).toBe(first);
    expect((auth as { authenticate(context: unknown): unknown }).authenticate({ ...context(), refused })).toBe(first);
  });

  it('asks functions every time, and answers at once when they do', async () => {
    const passwords = ['one', 'two', 'two'];
    const auth = new AuthBasic({ username: () => 'ada', password: () => passwords.shift() ?? '' });
    expect([auth.authenticate(), auth.authenticate(), auth.authenticate()]).toEqual([
      `Basic ${btoa('ada:one')}`,
      `Basic ${btoa('ada:two')}`,
      `Basic ${btoa('ada:two')}`,
    ]);
    expect(passwords).toEqual([]);
  });

  it('waits for a function that promises', async () => {
    const auth = new AuthBasic({ username: 'ada', password: async () => secret('later') });
    await expect(auth.authenticate()).resolves.toBe(`Basic ${btoa('ada:later')}`);
  });

  it('explains a function that fails', () => {
    const cause = new Error('vault is sealed');
    const auth = new AuthBasic({
      username: 'ada',
      password: () => {
        throw cause;
      },
    });
    const error = thrownBy(() => auth.authenticate());
    expect(error).toMatchObject({ code: 'ERR_AUTH_CREDENTIAL', cause });
    expect(error.message).toContain('the password');
  });

  it('masks the password and its base64 as soon as it is made', () => {
    const auth = new AuthBasic({ username: 'grace', password: 'hopper-1906' });
    const header = auth.authenticate() as string;
    expect(credentialFilter.mask(`hopper-1906 ${header}`)).not.toMatch(/hopper|Z3JhY2U/);
  });

  it('shows nothing to an inspector', () => {
    const auth = new AuthBasic({ username: 'ada', password: 'sesame-77' });
    expect(inspect(auth, { showHidden: true, depth: 9 })).not.toContain('sesame-77');
    expect(JSON.stringify(auth)).not.toContain('sesame-77');
  });
});

function thrownBy(action: () => unknown): Error {
  try {
    action();
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
}
