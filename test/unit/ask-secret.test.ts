import { describe, expect, it } from 'vitest';
import { askSecret } from '../../src/ask-secret.ts';
import { CredentialError, LoginRequiredError } from '../../src/errors.ts';
import { type SecretOption, secret } from '../../src/secret.ts';

const pass = () => undefined;

describe('askSecret', () => {
  it.each<[string, SecretOption]>([
    ['text', 'x'],
    ['a secret', secret('x')],
    ['a function', () => 'x'],
    ['a function that wraps', () => secret('x')],
  ])('answers at once for %s', (_name, option) => {
    expect(askSecret(option, 'the key', pass)).toBe('x');
  });

  it('promises for a function that promises', async () => {
    const answer = askSecret(async () => secret('x'), 'the key', pass);
    expect(answer).toBeInstanceOf(Promise);
    await expect(answer).resolves.toBe('x');
  });

  it.each([undefined, null, 5, {}])('refuses %o', (option) => {
    expect(() => askSecret(option as unknown as string, 'the key', pass)).toThrow(CredentialError);
    expect(() => askSecret(option as unknown as string, 'the key', pass)).toThrow(/^the key must /);
  });

  it('explains a function that gives no text', async () => {
    const none = () => undefined as unknown as string;
    expect(() => askSecret(none, 'the key', pass)).toThrow(/^the key: its function failed/);
    await expect(askSecret(async () => none(), 'the key', pass)).rejects.toThrow(/^the key: its function failed/);
  });

  it('keeps the cause of a function that fails, at once or later', async () => {
    const cause = new Error('vault is sealed');
    const fail = () => {
      throw cause;
    };
    const expected = expect.objectContaining({ code: 'ERR_AUTH_CREDENTIAL', cause });
    expect(() => askSecret(fail, 'the key', pass)).toThrow(expected);
    await expect(askSecret(async () => fail(), 'the key', pass)).rejects.toThrow(expected);
  });

  it("lets authwire's own errors through", () => {
    const error = new LoginRequiredError('log in');
    const fail = () => {
      throw error;
    };
    expect(() => askSecret(fail, 'the key', pass)).toThrow(error);
  });

  it('checks every answer', async () => {
    const check = (value: string, what: string) => {
      throw new CredentialError(`${what} of ${value.length}`);
    };
    expect(() => askSecret('abc', 'the key', check)).toThrow('the key of 3');
    await expect(askSecret(async () => 'abcd', 'the key', check)).rejects.toThrow('the key of 4');
  });
});
