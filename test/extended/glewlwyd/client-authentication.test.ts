import { describe, expect, it } from 'vitest';
import { AuthOAuth2 } from '../../../src/authenticators/oauth2.ts';
import { clientCredentials } from '../../../src/oauth/grants/client-credentials.ts';
import { leaks } from '../../helpers/leaks.ts';
import { byKey, byPost, bySecretJwt, confidential, recorder, signal } from './fixture.ts';

const caught = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.unreachable(),
    (error: unknown) => error,
  );

describe('glewlwyd knows a client by', () => {
  it.each([
    ['client_secret_basic, not form-encoded', confidential],
    ['client_secret_post', byPost],
    ['client_secret_jwt', bySecretJwt],
    ['private_key_jwt', byKey],
  ])('%s', async (_method, options) => {
    const source = clientCredentials({ ...options, scope: 'read' });
    const token = await source.requestToken({ signal: signal() });
    expect(token).toMatchObject({ tokenType: 'Bearer', scope: ['read'] });
    expect(token.expiresAt).toBeGreaterThan(Date.now());
  });
});

describe('glewlwyd refuses', () => {
  it.each([
    ['a secret that was form-encoded, as it should be', { basicEncoding: 'form' as const }],
    ['a wrong secret', { clientSecret: 'not the secret' }],
    ['an unknown client', { clientId: 'nobody' }],
  ])('%s, with an empty body: that is remembered', async (_what, options) => {
    const { fetch, answers } = recorder();
    const auth = new AuthOAuth2(clientCredentials({ ...confidential, ...options, fetch }));
    const errors = [
      await caught(auth.tokens.get() as Promise<unknown>),
      await caught(auth.tokens.get() as Promise<unknown>),
    ];
    for (const error of errors) {
      expect(error).toMatchObject({ kind: 'http-status', status: 403, error: undefined });
      expect(leaks(error, confidential.clientSecret, 'not the secret')).toEqual([]);
    }
    expect(answers.filter(({ path }) => path === '/token')).toHaveLength(1);
  });

  it('an unknown scope, with an error of its own', async () => {
    const error = await caught(
      clientCredentials({ ...confidential, scope: 'nope' }).requestToken({ signal: signal() }),
    );
    expect(error).toMatchObject({ kind: 'oauth-error', error: 'scope_invalid' });
  });
});
