import {
  AuthApiKey,
  AuthBasic,
  AuthBearer,
  AuthByChallenge,
  AuthByOrigin,
  type AuthenticatorClass,
  AuthJwt,
  AuthOAuth2,
  AuthToken,
  addAuth,
  buildAuthenticator,
  type Challenge,
  type CredentialFields,
  clientCredentials,
  parseChallenges,
  type StepUpRequiredError,
  secret,
  type Token,
} from 'authwire';
import type { InferInput } from 'valibot';
import { expectTypeOf, it } from 'vitest';
import type { credentialSchema } from '../../src/fields/credential-schema.ts';

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
  clientCredentials({ tokenEndpoint: 'https://as.example', clientId: 'c', dpop: { algorithm: 'Ed25519' } });
  // @ts-expect-error: no algorithm for DPoP keys
  clientCredentials({ tokenEndpoint: 'https://as.example', clientId: 'c', dpop: { algorithm: 'RS256' } });
  // @ts-expect-error: the endpoint is missing
  clientCredentials({ clientId: 'c' });
});

it('tells the handler of a step-up what is wanted, and takes a demand or nothing', () => {
  new AuthBearer(() => 'token', {
    onStepUp: (error) => {
      expectTypeOf(error).toEqualTypeOf<StepUpRequiredError>();
      return { acrValues: error.acrValues ?? 'gold' };
    },
  });
  new AuthBearer(() => 'token', { onStepUp: async () => {} });
  // @ts-expect-error: neither a demand nor true or false
  new AuthBearer(() => 'token', { onStepUp: () => 'token' });
});

it('reads challenges', () => {
  expectTypeOf(parseChallenges(['Basic', 'Bearer'])).toEqualTypeOf<Challenge[]>();
  expectTypeOf<Challenge['token68']>().toEqualTypeOf<string | undefined>();
});

it('counts the built-in classes among those that a configuration can name', () => {
  expectTypeOf(AuthBasic).toExtend<AuthenticatorClass>();
  expectTypeOf(addAuth(AuthBasic)).toEqualTypeOf<typeof AuthBasic>();
  buildAuthenticator({ authType: 'AuthBasic', username: 'u', password: 'p' });
  // @ts-expect-error: no such field
  buildAuthenticator({ authtype: 'AuthBasic' });
});

it('holds the type of the credential fields and their schema together', () => {
  type Schema = typeof credentialSchema;
  type Taken = { [Name in keyof Schema]: Exclude<InferInput<Schema[Name]>, undefined> };
  type Given = Required<CredentialFields>;
  expectTypeOf<keyof Taken>().toEqualTypeOf<keyof Given>();
  // Empty text is nothing before the schema sees it.
  expectTypeOf<{ [Name in keyof Taken]: Exclude<Taken[Name], ''> }>().toEqualTypeOf<{
    [Name in keyof Given]: Exclude<Given[Name], ''>;
  }>();
});

it('knows no field but the credential fields, unless it is told', () => {
  buildAuthenticator({ authType: 'AuthBasic', username: 'ada', timeToNextRequest: '60' });
  buildAuthenticator<{ tenant: string }>({ authType: 'AuthTenant', tenant: 'a' });
  // @ts-expect-error: a typing error
  buildAuthenticator({ authType: 'AuthBasic', usrname: 'ada' });
  // @ts-expect-error: a typing error in a choice
  buildAuthenticator({ authType: 'AuthOAuth2', oauth2Type: 'clientCredentials' });
});

it('chooses among authenticators of any credential, by origin or by scheme', () => {
  const [basic, key] = [new AuthBasic({ username: 'ada', password: 'p' }), new AuthApiKey({ key: 'k' })];
  new AuthByOrigin({ 'https://a.example': basic, 'https://b.example': key });
  new AuthByOrigin([
    [['https://a.example'], basic],
    [(url) => url.port === '8443', key],
  ]);
  new AuthByChallenge({ basic, bearer: new AuthBearer(() => 't') }, { allowWeaker: true });
  // @ts-expect-error: its origins are those of its routes
  new AuthByOrigin({ 'https://a.example': basic }, { origins: '*' });
  // @ts-expect-error: no authenticator
  new AuthByChallenge({ basic: 'p' });
});
