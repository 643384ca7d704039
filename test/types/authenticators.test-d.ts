import {
  AuthApiKey,
  AuthBasic,
  AuthBearer,
  type AuthenticatorClass,
  AuthJwt,
  AuthOAuth2,
  AuthToken,
  addAuth,
  buildAuthenticator,
  clientCredentials,
  secret,
  type Token,
} from 'authwire';
import { expectTypeOf, it } from 'vitest';

it('takes a secret as text, wrapped, or as a function', () => {
  new AuthBasic({ username: 'ada', password: secret('open sesame') });
  new AuthBasic({ username: () => 'ada', password: async () => secret('open sesame') });
  new AuthJwt({ token: () => 'header.payload.signature' });
  // @ts-expect-error: a number is no secret
  new AuthBasic({ username: 'ada', password: 7 });
});

it('lets a key travel in a header or in a cookie, never in both', () => {
  new AuthApiKey({ key: 'k', header: 'x-api-key' });
  new AuthApiKey({ key: 'k', cookie: 'session' });
  // @ts-expect-error: one or the other
  new AuthApiKey({ key: 'k', header: 'x-api-key', cookie: 'session' });
});

it('hands the function of AuthBearer the former token and a signal', () => {
  new AuthBearer(({ previous, signal }) => {
    expectTypeOf(previous).toEqualTypeOf<Token | undefined>();
    expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
    return 'token';
  });
  // @ts-expect-error: a source gives a token
  new AuthBearer(() => 7);
});

it('knows the options of what logs in', () => {
  new AuthOAuth2(clientCredentials({ tokenEndpoint: 'https://as.example', clientId: 'c', scope: ['a', 'b'] }));
  new AuthToken({ tokenEndpoint: 'https://as.example', username: 'u', password: 'p', onToken: async () => {} });
  // @ts-expect-error: the endpoint is missing
  clientCredentials({ clientId: 'c' });
});

it('counts the built-in classes among those that a configuration can name', () => {
  expectTypeOf(AuthBasic).toExtend<AuthenticatorClass>();
  expectTypeOf(addAuth(AuthBasic)).toEqualTypeOf<typeof AuthBasic>();
  buildAuthenticator({ authType: 'AuthBasic', username: 'u', password: 'p' });
  // @ts-expect-error: no such field
  buildAuthenticator({ authtype: 'AuthBasic' });
});
