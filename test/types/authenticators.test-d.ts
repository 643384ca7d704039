import {
  AuthApiKey,
  AuthBasic,
  AuthBearer,
  AuthJwt,
  AuthToken,
  type Challenge,
  type MultiFactorRequiredError,
  parseChallenges,
  type StepUpRequiredError,
  secret,
  type Token,
  withRefreshTokens,
} from 'authwire';
import { AuthDigest } from 'authwire/digest';
import {
  type AuthenticatorClass,
  addAuth,
  type BuildOptions,
  basicOptions,
  bearerArguments,
  buildAuthenticator,
  buildWith,
  type CredentialFields,
  knownAuthenticators,
  oauth2Arguments,
  type TokenBuildOptions,
} from 'authwire/fields';
import { AuthCommand, type CommandError, commandSource, secretEnv, secretFile, serviceAccount } from 'authwire/node';
import { AuthOAuth2, clientCredentials, Dpop, jwtBearer } from 'authwire/oauth';
import { AuthOpenStack } from 'authwire/openstack';
import { expectTypeOf, it } from 'vitest';

it('takes a secret as text, wrapped, or as a function', () => {
  new AuthBasic({ username: 'ada', password: secret('open sesame') });
  new AuthBasic({ username: () => 'ada', password: async () => secret('open sesame') });
  new AuthJwt({ token: () => 'header.payload.signature' });
  // @ts-expect-error: a number is no secret
  new AuthBasic({ username: 'ada', password: 7 });
});

it('takes of a digest the secrets and what may be proven', () => {
  new AuthDigest({ username: 'ada', password: async () => secret('open sesame'), qop: 'auth-int', strict: true });
  // @ts-expect-error: there is no such quality of protection
  new AuthDigest({ username: 'ada', password: 'open sesame', qop: 'auth-conf' });
  // @ts-expect-error: both are needed
  new AuthDigest({ username: 'ada' });
});

it('lets a key travel in a header or in a cookie, never in both', () => {
  new AuthApiKey({ key: 'k', header: 'x-api-key' });
  new AuthApiKey({ key: 'k', cookie: 'session' });
  // @ts-expect-error: one or the other
  new AuthApiKey({ key: 'k', header: 'x-api-key', cookie: 'session' });
});

it('hands the function of AuthBearer the former token and a signal', () => {
  new AuthBearer(({ previous, signal }) => {
    expectTypeOf(previous).toEqualTypeOf<Omit<Token, 'refreshToken'> | undefined>();
    expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
    return 'token';
  });
  new AuthBearer(
    withRefreshTokens(({ previous }) => {
      expectTypeOf(previous).toEqualTypeOf<Token | undefined>();
      return 'token';
    }),
  );
  // @ts-expect-error: a source gives a token
  new AuthBearer(() => 7);
});

it('knows the options of what logs in', () => {
  new AuthOAuth2(clientCredentials({ tokenEndpoint: 'https://as.example', clientId: 'c', scope: ['a', 'b'] }));
  new AuthToken({ tokenEndpoint: 'https://as.example', username: 'u', password: 'p', onToken: async () => {} });
  clientCredentials({ tokenEndpoint: 'https://as.example', clientId: 'c', dpop: new Dpop({ algorithm: 'Ed25519' }) });
  // @ts-expect-error: no algorithm for DPoP keys
  clientCredentials({ tokenEndpoint: 'https://as.example', clientId: 'c', dpop: new Dpop({ algorithm: 'RS256' }) });
  // @ts-expect-error: capabilities are handed in, not switched on
  clientCredentials({ tokenEndpoint: 'https://as.example', clientId: 'c', dpop: true });
  // @ts-expect-error: the endpoint is missing
  clientCredentials({ clientId: 'c' });
});

it('tells the handler of a step-up what is wanted, and takes a demand or nothing', () => {
  new AuthOAuth2(() => 'token', {
    onStepUp: (error) => {
      expectTypeOf(error).toEqualTypeOf<StepUpRequiredError>();
      return { acrValues: error.acrValues ?? 'gold' };
    },
  });
  new AuthOAuth2(() => 'token', { onStepUp: async () => {} });
  // @ts-expect-error: AuthOAuth2 heeds challenges
  new AuthBearer(() => 'token', { onStepUp: async () => {} });
  // @ts-expect-error: neither a demand nor true or false
  new AuthOAuth2(() => 'token', { onStepUp: () => 'token' });
});

it('reads challenges', () => {
  expectTypeOf(parseChallenges(['Basic', 'Bearer'])).toEqualTypeOf<Challenge[]>();
  expectTypeOf<Challenge['token68']>().toEqualTypeOf<string | undefined>();
});

it('counts the built-in classes among those that a configuration can name', () => {
  expectTypeOf(knownAuthenticators()).toEqualTypeOf<ReadonlyMap<string, AuthenticatorClass>>();
  buildAuthenticator({ authType: 'AuthBasic', username: 'u', password: 'p' });
  // @ts-expect-error: no such field
  buildAuthenticator({ authtype: 'AuthBasic' });
});

it('builds a subclass of a built-in scheme in one line', () => {
  class AuthTenant extends AuthBasic {
    static getDesc() {
      return 'Our tenants';
    }
    static build(fields: CredentialFields, options: BuildOptions = {}) {
      return buildWith(fields, options, () => new AuthTenant(basicOptions(fields, options)));
    }
  }
  class AuthTenantToken extends AuthBearer {
    static getDesc() {
      return 'The tokens of our tenants';
    }
    static build(fields: CredentialFields, options: TokenBuildOptions = {}) {
      return buildWith(fields, options, () => new AuthTenantToken(...bearerArguments(fields, options)));
    }
  }
  class AuthTenantLogin extends AuthOAuth2 {
    static build(fields: CredentialFields, options: TokenBuildOptions = {}) {
      return buildWith(fields, options, () => new AuthTenantLogin(...oauth2Arguments(fields, options)));
    }
  }
  expectTypeOf(addAuth(AuthTenant)).toEqualTypeOf<typeof AuthTenant>();
  expectTypeOf(AuthTenantToken).toExtend<AuthenticatorClass>();
  // @ts-expect-error: a class that a configuration can name describes itself
  addAuth(AuthTenantLogin);
});

it('logs in to Keystone without a header or format of its own', () => {
  const login = { authUrl: 'https://keystone.example/v3', userId: 'ada', password: secret('open sesame') };
  const auth = new AuthOpenStack({ ...login, allowEndpoints: ({ interface: face }) => face === 'public' });
  expectTypeOf(auth.endpointFor('compute', { region: 'One' })).toEqualTypeOf<Promise<string>>();
  expectTypeOf<MultiFactorRequiredError['requiredMethods']>().toEqualTypeOf<readonly (readonly string[])[]>();
  new AuthOpenStack({ ...login, systemScope: 'all' });
  // @ts-expect-error: Keystone knows no other
  new AuthOpenStack({ ...login, systemScope: 'some' });
  // @ts-expect-error: it is X-Auth-Token
  new AuthOpenStack({ ...login, header: 'authorization' });
  // @ts-expect-error: where is it?
  new AuthOpenStack({ userId: 'ada', password: 'open sesame' });
});

it('takes a command as a list, and secrets from files and variables', async () => {
  new AuthCommand({ command: ['tool'], env: { TOKEN: secretFile('/a'), NAME: 'b' }, passEnv: ['AWS_*'] });
  new AuthBearer(commandSource({ command: ['tool'] }));
  new AuthBasic({ username: 'ada', password: secretEnv('PASSWORD') });
  clientCredentials({ tokenEndpoint: 'https://as.example', clientId: 'c', clientSecret: secretFile('/a') });
  jwtBearer({ serviceAccount: await serviceAccount('/a'), scope: 'read' });
  expectTypeOf<CommandError['exitCode']>().toEqualTypeOf<number | undefined>();
  // @ts-expect-error: there is no shell that takes text apart
  new AuthCommand({ command: 'tool' });
  // @ts-expect-error: a number is no value of a variable
  new AuthCommand({ command: ['tool'], env: { COUNT: 7 } });
});
