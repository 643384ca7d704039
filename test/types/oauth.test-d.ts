import { firstOf, type TokenSource } from 'authwire';
import {
  AuthOAuth2,
  authorizationCode,
  clientCredentials,
  deviceAuthorization,
  grant,
  type IdTokenClaims,
  type Introspection,
  jwtBearer,
  type OAuthSource,
  signedJwt,
  tokenExchange,
} from 'authwire/oauth';
import { expectTypeOf, it } from 'vitest';

const issuer = 'https://as.example';
const tokenEndpoint = 'https://as.example/token';

it('a server is given by its issuer or by its endpoints', () => {
  clientCredentials({ issuer, clientId: 'id' });
  clientCredentials({ tokenEndpoint: new URL(tokenEndpoint), clientId: 'id' });
  // @ts-expect-error: one or the other
  clientCredentials({ issuer, tokenEndpoint, clientId: 'id' });
  // @ts-expect-error: one of them
  clientCredentials({ clientId: 'id' });
  // @ts-expect-error: an issuer is compared as text
  clientCredentials({ issuer: new URL(issuer), clientId: 'id' });
});

it('a service account or an own key signs', () => {
  const serviceAccount = { client_email: 'a', private_key: 'k', token_uri: tokenEndpoint };
  jwtBearer({ serviceAccount });
  jwtBearer({ issuer, assertionIssuer: 'a', key: 'k' });
  // @ts-expect-error: one of them
  jwtBearer({ issuer, serviceAccount, assertionIssuer: 'a', key: 'k' });
  // @ts-expect-error: a key alone knows no server
  jwtBearer({ assertionIssuer: 'a', key: 'k' });
});

it('a grant of one’s own has a type', () => {
  grant({ issuer, clientId: 'id', grantType: 'account_credentials', parameters: { account_id: () => 'a' } });
  jwtBearer({ issuer, assertion: async ({ audience, scope }) => `${audience} ${scope.length}` });
  // @ts-expect-error: nobody knows which grant
  grant({ issuer, clientId: 'id' });
  // @ts-expect-error: an assertion is made here or elsewhere
  jwtBearer({ issuer, assertion: 'a.b.c', key: 'k', assertionIssuer: 'a' });
});

it('a signed JWT has a key', () => {
  signedJwt({ key: 'pem', claims: { iss: 'app' } });
  // @ts-expect-error: nothing signs
  signedJwt({ claims: { iss: 'app' } });
});

it('the subject of a token exchange is text, a function, a grant or a cache', () => {
  const source = clientCredentials({ issuer, clientId: 'id' });
  for (const subjectToken of ['t', () => 't', async () => 't', source, new AuthOAuth2(source).tokens]) {
    tokenExchange({ issuer, clientId: 'id', subjectToken });
  }
  // @ts-expect-error: no token
  tokenExchange({ issuer, clientId: 'id' });
});

it('every grant is a source that knows its server; a chain is a source', () => {
  const code = authorizationCode({ issuer, clientId: 'id', redirectUri: 'http://127.0.0.1/cb' });
  const device = deviceAuthorization({ issuer, clientId: 'id' });
  expectTypeOf(code).toEqualTypeOf<OAuthSource>();
  expectTypeOf(firstOf(code, device)).toEqualTypeOf<TokenSource>();
  expectTypeOf(firstOf([code, device], { onFailure: 'next' })).toEqualTypeOf<TokenSource>();
});

it('an authenticator can leave, ask and tell', () => {
  const auth = new AuthOAuth2(clientCredentials({ issuer, clientId: 'id' }));
  expectTypeOf(auth.revoke()).toEqualTypeOf<Promise<void>>();
  expectTypeOf(auth.introspect()).toEqualTypeOf<Promise<Introspection | undefined>>();
  expectTypeOf(auth.claims()).toEqualTypeOf<Promise<IdTokenClaims | undefined>>();
});
