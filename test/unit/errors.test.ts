import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import {
  AuthError,
  AuthenticationError,
  ChallengeError,
  ConfigurationError,
  CredentialError,
  isAuthError,
  LoginRequiredError,
  StepUpRequiredError,
  StoreError,
  TokenEndpointError,
} from '../../src/errors.ts';

const cause = new Error('socket hang up');

const family: readonly (readonly [string, string, (options?: ErrorOptions) => AuthError])[] = [
  ['AuthError', 'ERR_AUTH_CREDENTIAL', (options) => new AuthError('what happened', options)],
  ['ConfigurationError', 'ERR_AUTH_CONFIGURATION', (options) => new ConfigurationError('what happened', options)],
  ['CredentialError', 'ERR_AUTH_CREDENTIAL', (options) => new CredentialError('what happened', options)],
  ['AuthenticationError', 'ERR_AUTH_REFUSED', (options) => new AuthenticationError('what happened', options)],
  [
    'TokenEndpointError',
    'ERR_AUTH_TOKEN_ENDPOINT',
    (options) => new TokenEndpointError('what happened', { kind: 'network', ...options }),
  ],
  ['LoginRequiredError', 'ERR_AUTH_LOGIN_REQUIRED', (options) => new LoginRequiredError('what happened', options)],
  ['StepUpRequiredError', 'ERR_AUTH_STEP_UP_REQUIRED', (options) => new StepUpRequiredError('what happened', options)],
  ['ChallengeError', 'ERR_AUTH_CHALLENGE', (options) => new ChallengeError('what happened', options)],
  ['StoreError', 'ERR_AUTH_STORE', (options) => new StoreError('what happened', options)],
];

describe.each(family)('%s', (name, code, make) => {
  it('is an AuthError with a name, a stable code and its message', () => {
    const error = make();
    expect(error).toBeInstanceOf(AuthError);
    expect(error).toBeInstanceOf(Error);
    expect({ name: error.name, code: error.code, message: error.message }).toEqual({
      name,
      code,
      message: 'what happened',
    });
  });

  it('keeps the cause where there is one', () => {
    expect(make({ cause }).cause).toBe(cause);
    expect(make()).not.toHaveProperty('cause');
    expect(make({ cause: undefined })).not.toHaveProperty('cause');
  });

  it('starts its stack with its own name, at the place that threw', () => {
    const [first, second] = make().stack?.split('\n') ?? [];
    expect(first).toBe(`${name}: what happened`);
    expect(second).toContain('errors.test.ts');
  });

  it('is recognised, here and by another installed copy', async () => {
    const copy = await loadCopy();
    expect(isAuthError(make())).toBe(true);
    expect(copy.isAuthError(make())).toBe(true);
    expect(make()).not.toBeInstanceOf(copy.AuthError);
  });

  it('shows no brand when printed', () => {
    expect(inspect(make())).not.toContain('Symbol(');
    expect(Object.keys(make())).not.toContain('authwire.AuthError');
  });
});

describe('details', () => {
  it('takes another code where the class allows one', () => {
    expect(new CredentialError('too late', { code: 'ERR_AUTH_TIMEOUT' }).code).toBe('ERR_AUTH_TIMEOUT');
    expect(new AuthError('no', { code: 'ERR_AUTH_CHALLENGE' }).code).toBe('ERR_AUTH_CHALLENGE');
  });

  it('names the option to correct', () => {
    expect(new ConfigurationError('missing', { option: 'tokenEndpoint' }).option).toBe('tokenEndpoint');
    expect(new ConfigurationError('missing').option).toBeUndefined();
  });

  it('tells the status of a refusal', () => {
    expect(new AuthenticationError('refused', { status: 403 }).status).toBe(403);
  });

  it('tells what a token endpoint answered', () => {
    const answer = { kind: 'oauth-error', error: 'invalid_grant', errorDescription: 'expired', status: 400 } as const;
    expect(new TokenEndpointError('refused', { ...answer, retryAt: 1_000 })).toMatchObject({
      ...answer,
      retryAt: 1_000,
    });
  });

  it("gives a user's own subclass its own name", () => {
    class TenantError extends AuthError {}
    expect(new TenantError('no tenant').name).toBe('TenantError');
    expect(isAuthError(new TenantError('no tenant'))).toBe(true);
  });
});

describe('isAuthError', () => {
  it.each([
    ['undefined', undefined],
    ['null', null],
    ['text', 'ERR_AUTH_REFUSED'],
    ['a plain error', new Error('x')],
    ['an error that only looks alike', Object.assign(new Error('x'), { name: 'AuthError', code: 'ERR_AUTH_REFUSED' })],
  ])('says no to %s', (_name, value) => {
    expect(isAuthError(value)).toBe(false);
  });
});

async function loadCopy(): Promise<typeof import('../../src/errors.ts')> {
  const path = '../../src/errors.ts?copy';
  return await import(/* @vite-ignore */ path);
}
