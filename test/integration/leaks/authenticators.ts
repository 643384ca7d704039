/**
 * One row per authenticator; a new one is a new row. A row makes a fresh authenticator whose every secret is marked.
 */

import { AuthApiKey } from '../../../src/authenticators/api-key.ts';
import { AuthBasic } from '../../../src/authenticators/basic.ts';
import { AuthBearer } from '../../../src/authenticators/bearer.ts';
import { AuthByChallenge } from '../../../src/authenticators/by-challenge.ts';
import { AuthByOrigin } from '../../../src/authenticators/by-origin.ts';
import { AuthDigest } from '../../../src/authenticators/digest.ts';
import { AuthForward } from '../../../src/authenticators/forward.ts';
import { AuthJwt } from '../../../src/authenticators/jwt.ts';
import { AuthNone } from '../../../src/authenticators/none.ts';
import { AuthOAuth2 } from '../../../src/authenticators/oauth2.ts';
import { AuthOpenStack } from '../../../src/authenticators/openstack.ts';
import { AuthQuery } from '../../../src/authenticators/query.ts';
import { AuthToken } from '../../../src/authenticators/token.ts';
import { buildAuthenticator } from '../../../src/builders/build-authenticator.ts';
import type { CredentialFields } from '../../../src/fields/credential-fields.ts';
import type { Authenticator } from '../../../src/lifecycle/contract.ts';
import { AuthCommand } from '../../../src/node/command/auth-command.ts';
import { authorizationCode } from '../../../src/oauth/grants/authorization-code.ts';
import { clientCredentials } from '../../../src/oauth/grants/client-credentials.ts';
import { deviceAuthorization } from '../../../src/oauth/grants/device-authorization.ts';
import { jwtBearer } from '../../../src/oauth/grants/jwt-bearer.ts';
import { refreshToken } from '../../../src/oauth/grants/refresh-token.ts';
import { resourceOwnerPassword } from '../../../src/oauth/grants/resource-owner-password.ts';
import { tokenExchange } from '../../../src/oauth/grants/token-exchange.ts';
import type { DebugSink } from '../../../src/secrets/debug-sink.ts';
import type { SharedTokenStore } from '../../../src/tokens/keeping.ts';
import { markedJwt, markedSecret } from '../../helpers/leaks-mark.ts';

/** What a path gives to an authenticator. */
export interface Given {
  /** The origin, and the start of the path, of the server that gives tokens. */
  readonly authority: string;
  readonly pem: string;
  /** What is done to the secret that the user gives. Default: nothing. */
  readonly spoil?: (secret: string) => string;
  readonly debug: true;
  readonly logger: DebugSink;
  readonly store?: SharedTokenStore;
  /** How long a token may be asked for, in milliseconds. */
  readonly deadlineMs?: number;
}

export interface AuthenticatorRow {
  readonly name: string;
  /** Does it ask a server for its tokens? */
  readonly asksServer: boolean;
  /** Does it keep its tokens in a store? */
  readonly keepsTokens: boolean;
  /** Can nothing but an answer of a server spoil what it sends? */
  readonly givenSecret: boolean;
  create(given: Given): Authenticator;
}

/** What is no option of an authenticator is inherited: constructors, which read own properties only, do not see it. */
function withOptions(create: AuthenticatorRow['create']): AuthenticatorRow['create'] {
  return ({ authority, pem, spoil, ...options }) =>
    create(Object.assign(Object.create({ authority, pem, spoil }), options));
}

function local(name: string, create: AuthenticatorRow['create'], keepsTokens = false): AuthenticatorRow {
  return { name, asksServer: false, keepsTokens, givenSecret: name !== 'AuthNone', create: withOptions(create) };
}

function asking(name: string, create: AuthenticatorRow['create'], givenSecret = true): AuthenticatorRow {
  return { name, asksServer: true, keepsTokens: true, givenSecret, create: withOptions(create) };
}

/** A function, so that nothing is checked before the first request. */
function giving(secret: string, { spoil = (value) => value }: Given): () => string {
  return () => spoil(secret);
}

/** Says whose tokens these are, where the authenticator cannot know. */
const keyed = (given: Given) => ({ ...given, storeKey: 'ada' });
/** Otherwise its token would go to Keystone only. */
const keystone = <G extends Given>(given: G) => ({ ...given, authUrl: `${given.authority}/v3`, origins: '*' as const });
const client = ({ authority }: Given) => ({ tokenEndpoint: `${authority}/token`, clientId: 'robot' });
const confidential = (given: Given) => ({ ...client(given), clientSecret: giving(markedSecret('text'), given) });
const posting = (given: Given) => ({ ...confidential(given), clientAuthentication: 'client_secret_post' as const });

export const authenticators: readonly AuthenticatorRow[] = [
  local('AuthNone', (given) => new AuthNone(given)),
  local('AuthBasic', (given) => {
    const password = giving(markedSecret('text'), given);
    return new AuthBasic({ ...given, username: 'ada', password });
  }),
  local('AuthDigest', (given) => {
    const password = giving(markedSecret('text'), given);
    return new AuthDigest({ ...given, username: 'ada', password });
  }),
  local('AuthApiKey in a header', (given) => {
    return new AuthApiKey({ ...given, header: 'x-api-key', key: giving(markedSecret('header'), given) });
  }),
  local('AuthApiKey in a cookie', (given) => {
    return new AuthApiKey({ ...given, cookie: 'session', key: giving(markedSecret('token'), given) });
  }),
  local('AuthQuery', (given) => {
    return new AuthQuery({ ...given, name: 'api_key', key: giving(markedSecret('header'), given) });
  }),
  local('AuthBearer', (given) => new AuthBearer(() => giving(markedSecret('token'), given)(), keyed(given)), true),
  local('AuthJwt', (given) => new AuthJwt({ ...keyed(given), token: () => giving(markedJwt(), given)() }), true),
  local('AuthForward', (given) => {
    const headers = { authorization: `Bearer ${giving(markedJwt(), given)()}` };
    return new AuthForward({ ...given, incoming: () => ({ headers }) });
  }),
  local('AuthByOrigin', (given) => {
    const key = giving(markedSecret('header'), given);
    return new AuthByOrigin([[(url) => url.port !== '', new AuthApiKey({ header: 'x-api-key', key })]], given);
  }),
  {
    // Until a server asks, nothing is sent, and nothing is looked at.
    ...local('AuthByChallenge', (given) => {
      const login = { username: 'ada', password: giving(markedSecret('text'), given) };
      const bearer = new AuthBearer(giving(markedSecret('token'), given));
      return new AuthByChallenge({ digest: new AuthDigest(login), bearer, basic: new AuthBasic(login) }, given);
    }),
    givenSecret: false,
  },
  {
    ...local('extra headers', ({ debug, logger }) => {
      const header = (name: string) => `${name}: ${markedSecret('header')}`;
      const httpHeaders = { Authorization: `Bearer ${markedSecret('token')}` };
      const fields = { httpHeader1: header('X-Api-Key'), httpHeader2: header('X-Auth-Token'), httpHeaders };
      return buildAuthenticator(fields, { debug, logger });
    }),
    givenSecret: false,
  },
  local(
    'AuthCommand',
    (given) => {
      const env = { ANSWER: giving(markedSecret('token'), given) };
      return new AuthCommand({
        ...keyed(given),
        command: ['sh', '-c', 'printf %s "$ANSWER"; echo "$ANSWER" >&2'],
        env,
      });
    },
    true,
  ),
  asking('AuthToken', (given) => {
    const password = giving(markedSecret('text'), given);
    return new AuthToken({
      ...given,
      tokenEndpoint: `${given.authority}/token`,
      username: 'ada',
      password,
      tokenKey: 'access_token',
    });
  }),
  asking('AuthToken with a form', (given) => {
    const [password, key] = [giving(markedSecret('text'), given), markedSecret('text')];
    const body = (credentials: object) => new URLSearchParams({ ...credentials, api_key: key });
    return new AuthToken({
      ...keyed(given),
      tokenEndpoint: `${given.authority}/token`,
      username: 'ada',
      password,
      body,
    });
  }),
  asking('AuthOAuth2, client credentials', (given) => new AuthOAuth2(clientCredentials(confidential(given)), given)),
  asking('AuthOAuth2, client credentials in the body', (given) => {
    return new AuthOAuth2(clientCredentials(posting(given)), given);
  }),
  asking('AuthOAuth2, refresh token', (given) => {
    return new AuthOAuth2(refreshToken({ ...posting(given), refreshToken: markedSecret('text') }), keyed(given));
  }),
  asking('AuthOAuth2, password', (given) => {
    const password = giving(markedSecret('text'), given);
    return new AuthOAuth2(resourceOwnerPassword({ ...client(given), username: 'ada', password }), given);
  }),
  asking('AuthOAuth2, password and more parameters', (given) => {
    const fields: CredentialFields = {
      authType: 'AuthOAuth2',
      oauth2Type: 'ResourceOwner',
      oauth2TokenURL: `${given.authority}/token`,
      oauth2ClientId: 'robot',
      oauth2ClientSecret: giving(markedSecret('text'), given),
      oauth2ResourceOwnerUsername: 'ada',
      oauth2ResourceOwnerPassword: giving(markedSecret('text'), given),
      oauth2ResourceOwnerAdditionalParams: { api_key: markedSecret('text') },
      opts: { parameters: { device_token: markedSecret('text') } },
    };
    const { authority: _authority, pem: _pem, spoil: _spoil, ...options } = keyed(given);
    return buildAuthenticator(fields, options);
  }),
  asking('AuthOAuth2, token exchange', (given) => {
    const tokens = { subjectToken: markedSecret('text'), actorToken: markedSecret('text') };
    return new AuthOAuth2(tokenExchange({ ...confidential(given), ...tokens }), keyed(given));
  }),
  asking(
    'AuthOAuth2, JWT bearer',
    (given) => {
      const claims = { note: markedSecret('text') };
      const source = jwtBearer({
        tokenEndpoint: `${given.authority}/token`,
        assertionIssuer: 'robot',
        key: given.pem,
        claims,
      });
      return new AuthOAuth2(source, keyed(given));
    },
    false,
  ),
  asking('AuthOAuth2, authorization code', (given) => {
    const source = authorizationCode({
      ...posting(given),
      authorizationEndpoint: 'https://as.example/authorize',
      redirectUri: 'http://127.0.0.1/cb',
      authorize: async ({ url }) => ({ code: markedSecret('token'), state: url.searchParams.get('state') ?? '' }),
    });
    return new AuthOAuth2(source, keyed(given));
  }),
  asking('AuthOAuth2, device authorization', (given) => {
    const source = deviceAuthorization({
      ...posting(given),
      deviceAuthorizationEndpoint: `${given.authority}/device`,
      show: () => undefined,
      wait: async () => undefined,
    });
    return new AuthOAuth2(source, keyed(given));
  }),
  asking('AuthOpenStack, password', (given) => {
    const password = giving(markedSecret('text'), given);
    return new AuthOpenStack({ ...keystone(given), userId: 'ada', password });
  }),
  asking('AuthOpenStack, application credential', (given) => {
    const applicationCredentialSecret = giving(markedSecret('text'), given);
    return new AuthOpenStack({ ...keystone(given), applicationCredentialId: 'robot', applicationCredentialSecret });
  }),
  asking('AuthOpenStack, token, passcode and receipt', (given) => {
    const [token, receipt] = [giving(markedSecret('text'), given), markedSecret('token')];
    const passcode = () => markedSecret('text');
    return new AuthOpenStack({ ...keystone(given), storeKey: 'ada', token, userId: 'ada', passcode, receipt });
  }),
];
