/** Secrets in a configuration that is wrong: too long, too short, in the wrong field, of the wrong kind. */

import { fetchAuth } from '../../../src/adapters/fetch.ts';
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
import { buildAuthenticator, knownAuthenticators } from '../../../src/builders/build-authenticator.ts';
import type { CredentialFields } from '../../../src/fields/credential-fields.ts';
import { AuthCommand } from '../../../src/node/command/auth-command.ts';
import { privateKeyJwt } from '../../../src/oauth/client-assertion.ts';
import { authorizationCode } from '../../../src/oauth/grants/authorization-code.ts';
import { clientCredentials } from '../../../src/oauth/grants/client-credentials.ts';
import { jwtBearer } from '../../../src/oauth/grants/jwt-bearer.ts';
import { tokenExchange } from '../../../src/oauth/grants/token-exchange.ts';
import { TokenAuthenticator } from '../../../src/tokens/token-authenticator.ts';
import { markedSecret } from '../../helpers/leaks-mark.ts';
import type { FailureGroup } from './paths.ts';

/** Every field that is told to all authenticators: what a profile may hold. */
function allFields(): Record<string, unknown> {
  const secret = () => markedSecret('token');
  return {
    url: 'https://api.example.com/',
    authEndpoint: '/login',
    authHeader: 'x-api-key',
    tokenKey: 'data.token',
    tokenFormat: 'Bearer {}',
    tokenExpiresInSelector: 'expires_in',
    tokenAuthRefresh: 'tokenAuthRefreshDynamic',
    tokenRefreshTTL: 60,
    timeToNextRequest: 60,
    prefix: '',
    suffix: '',
    username: 'ada',
    password: secret(),
    apikey: secret(),
    oauth2Type: 'ResourceOwner',
    oauth2AuthType: 'basic_auth',
    oauth2TokenURL: 'https://as.example.com/token',
    oauth2TokenLabel: 'authorization',
    oauth2TokenFormat: 'Bearer {}',
    oauth2TokenKey: 'access_token',
    oauth2ClientId: 'robot',
    oauth2ClientSecret: secret(),
    oauth2ClientCredentialsScope: 'read',
    oauth2ResourceOwnerUsername: 'ada',
    oauth2ResourceOwnerPassword: secret(),
    oauth2ResourceOwnerScope: 'read',
    oauth2ResourceOwnerAdditionalParams: '{}',
    httpHeader1: 'x-tenant: a',
    httpHeaders: '{}',
    opts: '{}',
    proxyHost: 'proxy.example',
    proxyPort: 8080,
    proxyUser: 'ada',
    proxyPasswd: secret(),
    debug: 'false',
    authType: '',
  };
}

/** But `authEndpoint`: the address of an endpoint is no secret, and errors name it. */
const fieldNames = Object.keys(allFields()).filter((name) => name !== 'authEndpoint');

/** What stands in one field instead of what belongs there. */
const mistakes: Readonly<Record<string, () => unknown>> = {
  'a secret': () => markedSecret('text'),
  'a secret of several lines': () => `${markedSecret('text')}\r\n${markedSecret('text')}\n`,
  'a secret in broken JSON': () => `{"token": "${markedSecret('token')}`,
  'a URL with a secret': () => `https://ada:${encodeURIComponent(markedSecret('text'))}@[bad`,
  'a secret in an object': () => ({ secret: markedSecret('text') }),
  'a secret in a list': () => [markedSecret('text')],
  'a function that quotes a secret': () => () => {
    throw new Error('no secret');
  },
  nothing: () => undefined,
};

/** Everything that was made, or thrown in its making. */
async function made(make: () => unknown): Promise<unknown[]> {
  try {
    const one = make();
    if (!(one instanceof TokenAuthenticator)) return [one];
    return [one, one.tokens, await settled(one)];
  } catch (error) {
    return [error];
  }
}

/** Some mistakes show only when a token is wanted. */
async function settled(auth: TokenAuthenticator): Promise<unknown> {
  return Promise.resolve(auth.tokens.get()).then(
    () => undefined,
    (error: unknown) => error,
  );
}

const noNetwork: typeof fetch = () => Promise.reject(new TypeError('fetch failed'));

function fieldGroups(): FailureGroup[] {
  return [...knownAuthenticators().keys()].map((authType) => ({
    name: `${authType}, built from fields`,
    paths: fieldNames.flatMap((field) =>
      Object.entries(mistakes).map(([mistake, value]) => ({
        name: `${mistake} in field '${field}'`,
        fail: () => {
          const fields = { ...allFields(), authType, [field]: value() } as CredentialFields;
          const incoming = () => ({ headers: { authorization: `Bearer ${markedSecret('token')}` } });
          return made(() => buildAuthenticator(fields, { fetch: noNetwork, incoming }));
        },
      })),
    ),
  }));
}

const endpoints = { tokenEndpoint: 'https://as.example.com/token', fetch: noNetwork };

/** Options in which a secret went wrong, or went somewhere else. */
const options: Readonly<Record<string, (secret: string) => unknown>> = {
  'a user name with a colon': (secret) => new AuthBasic({ username: `a:${secret}`, password: secret }),
  'a password with a line break': (secret) => new AuthBasic({ username: 'ada', password: `${secret}\n` }),
  'a password that is an object': (secret) => new AuthBasic({ username: 'ada', password: { secret } as never }),
  'a digest password with a line break': (secret) => new AuthDigest({ username: 'ada', password: `${secret}\n` }),
  'a digest user name with a line break': (secret) => new AuthDigest({ username: `${secret}\n`, password: secret }),
  'a password as the quality of protection': (secret) => {
    return new AuthDigest({ username: 'ada', password: secret, qop: secret as never });
  },
  'a key as the name of the header': (secret) => new AuthApiKey({ header: secret, key: 'x-api-key' }),
  'a key as the name of the cookie': (secret) => new AuthApiKey({ cookie: secret, key: secret }),
  'a key with a semicolon in a cookie': (secret) => new AuthApiKey({ cookie: 'session', key: `${secret};` }),
  'a key as prefix': (secret) => new AuthApiKey({ prefix: `${secret}\n`, key: secret }),
  'a key with a line break in the query': (secret) => new AuthQuery({ name: 'key', key: `${secret}\n` }),
  'a key as the name of the parameter': (secret) => new AuthQuery({ name: '', key: secret }),
  'a token as the source': (secret) => new AuthBearer(secret as never),
  'a token as the format': (secret) => new AuthBearer(() => secret, { format: secret }),
  'a token as the header': (secret) => new AuthBearer(() => secret, { header: secret }),
  'a token as an origin': (secret) => fetchAuth(new AuthNone(), { origins: [secret] }),
  'a first token with a line break': (secret) => new AuthBearer(() => secret, { token: `${secret}\n` }),
  'a first token without a token': (secret) => new AuthBearer(() => secret, { token: { secret } as never }),
  'a JWT with a line break': (secret) => new AuthJwt({ token: `${secret}\n` }),
  'a key as an authenticator by origin': (secret) => new AuthByOrigin({ 'https://a.example': secret as never }),
  'a key as an origin with an authenticator': (secret) => new AuthByOrigin({ [secret]: new AuthNone() }),
  'a key as an authenticator by challenge': (secret) => new AuthByChallenge({ basic: secret as never }),
  'a key as a scheme': (secret) => new AuthByChallenge({ [`${secret} ü`]: new AuthNone() }),
  'a token as the incoming request': (secret) => new AuthForward({ incoming: secret as never }),
  'a password in the URL of the login': (secret) => {
    const tokenEndpoint = `https://ada:${encodeURIComponent(secret)}@as.example.com/login`;
    return new AuthToken({ tokenEndpoint, username: 'ada', password: secret });
  },
  'a password in a URL that is none': (secret) => {
    return new AuthToken({ tokenEndpoint: `https//${secret}`, username: 'ada', password: secret });
  },
  'a login over http': (secret) => {
    return new AuthToken({ tokenEndpoint: `http://as.example.com/?${secret}`, username: 'ada', password: secret });
  },
  'a token as the path to the token': (secret) => {
    return new AuthToken({ ...endpoints, username: 'ada', password: secret, tokenKey: `${secret}..` });
  },
  'a secret as another parameter': (secret) => {
    const parameters = { client_secret: secret };
    return new AuthOAuth2(clientCredentials({ ...endpoints, clientId: 'robot', clientSecret: secret, parameters }));
  },
  'a secret as the client authentication': (secret) => {
    const clientAuthentication = secret as never;
    return new AuthOAuth2(
      clientCredentials({ ...endpoints, clientId: 'robot', clientSecret: secret, clientAuthentication }),
    );
  },
  'a secret as the issuer': (secret) => {
    return new AuthOAuth2(clientCredentials({ issuer: secret, clientId: 'robot', clientSecret: secret }));
  },
  'a secret as the client key': (secret) => {
    const clientAuthentication = privateKeyJwt({ key: secret });
    return new AuthOAuth2(clientCredentials({ ...endpoints, clientId: 'robot', clientAuthentication }));
  },
  'a broken PEM': (secret) => {
    const key = `-----BEGIN PRIVATE KEY-----\n${btoa(secret.replace(/[^\x20-\x7e]/g, ''))}\n-----END PRIVATE KEY-----`;
    return new AuthOAuth2(jwtBearer({ ...endpoints, assertionIssuer: 'robot', key }));
  },
  'a PEM of another kind': (secret) => {
    const key = `-----BEGIN RSA PRIVATE KEY-----\n${secret}\n-----END RSA PRIVATE KEY-----`;
    return new AuthOAuth2(jwtBearer({ ...endpoints, assertionIssuer: 'robot', key }));
  },
  'a broken JWK': (d) => new AuthOAuth2(jwtBearer({ ...endpoints, assertionIssuer: 'robot', key: { kty: 'EC', d } })),
  'a JWK in broken JSON': (secret) => {
    return new AuthOAuth2(jwtBearer({ ...endpoints, assertionIssuer: 'robot', key: `{"kty":"EC","d":"${secret}` }));
  },
  'a service account without a name': (secret) => {
    return new AuthOAuth2(jwtBearer({ serviceAccount: { private_key: secret } as never }));
  },
  'an empty subject token': (actorToken) => {
    return new AuthOAuth2(tokenExchange({ ...endpoints, clientId: 'robot', subjectToken: '', actorToken }));
  },
  'a password as the URL of Keystone': (secret) =>
    new AuthOpenStack({ authUrl: secret, userId: 'ada', password: secret }),
  'a password in the URL of Keystone': (secret) => {
    const authUrl = `https://ada:${encodeURIComponent(secret)}@as.example.com/v3`;
    return new AuthOpenStack({ authUrl, userId: 'ada', password: secret });
  },
  'a password beside a secret of an application credential': (secret) => {
    const applicationCredentialSecret = secret;
    return new AuthOpenStack({ authUrl: 'https://as.example.com/v3', password: secret, applicationCredentialSecret });
  },
  'a password with a line break for Keystone': (secret) => {
    return new AuthOpenStack({ authUrl: 'https://as.example.com/v3', userId: 'ada', password: `${secret}\n` });
  },
  'a receipt with a line break': (secret) => {
    const authUrl = 'https://as.example.com/v3';
    return new AuthOpenStack({ authUrl, userId: 'ada', password: secret, receipt: `${secret}\r\nx: y` });
  },
  'a secret as the scope': (secret) => {
    const authUrl = 'https://as.example.com/v3';
    return new AuthOpenStack({ authUrl, userId: 'ada', password: secret, systemScope: secret as 'all' });
  },
  'a secret in the options of AuthOpenStack': (secret) => {
    const fields = { authType: 'AuthOpenStack', authEndpoint: 'https://as.example.com/v3' };
    return buildAuthenticator({ ...fields, opts: JSON.stringify({ password: secret, [secret]: secret }) });
  },
  'a secret in a command that is text': (secret) => new AuthCommand({ command: `tool --token=${secret}` as never }),
  'a secret with a NUL in a command': (secret) => new AuthCommand({ command: ['tool', `${secret}\0`] }),
  'a secret for a command that is not there': (secret) => new AuthCommand({ command: ['no-such-command', secret] }),
  'a secret for a command that fails': (secret) => new AuthCommand({ command: ['sh', '-c', 'exit 1', secret] }),
  'a secret that a failing command repeats': (secret) => {
    return new AuthCommand({ command: ['sh', '-c', 'echo "$T"; echo "$T" >&2; exit 1'], env: { T: () => secret } });
  },
  'a token that nobody knows, and that a failing command repeats': (secret) => {
    const script = 't=$(printf %s "$0" | base64 -d); echo "$t"; echo "$t" >&2; exit 1';
    return new AuthCommand({ command: ['sh', '-c', script, btoa(secret.replace(/[^\w-]/g, ''))] });
  },
  'a secret for a command that the system does not start': (secret) => {
    return new AuthCommand({ command: ['true', secret], directory: '/no/such/directory' });
  },
  'a secret among several lines of a command': (secret) => {
    return new AuthCommand({ command: ['printf', '%s\\n', 'Logged in.', secret] });
  },
  'a secret in broken JSON of a command': (secret) => new AuthCommand({ command: ['printf', '%s', `{"a":"${secret}`] }),
  'a secret under another name in the JSON of a command': (secret) => {
    return new AuthCommand({ command: ['printf', '%s', JSON.stringify({ key: secret })] });
  },
  'a secret in the directory of a command': (secret) => new AuthCommand({ command: ['true'], directory: secret }),
  'a secret in the name of a variable': (secret) =>
    new AuthCommand({ command: ['true'], env: { [`A=${secret}`]: '' } }),
  'a secret among the names of variables': (secret) => new AuthCommand({ command: ['true'], passEnv: [`A=${secret}`] }),
  'a secret with a NUL in a variable': (secret) => new AuthCommand({ command: ['true'], env: { T: `${secret}\0` } }),
  'a secret in the options of a command': (secret) => AuthCommand.build({ opts: `{"command": ["tool", "${secret}` }),
  'a secret as an option of a command': (secret) => {
    return AuthCommand.build({ opts: JSON.stringify({ command: ['true'], [secret]: secret }) });
  },
  'a redirect URI with a secret': (secret) => {
    const redirectUri = `http//${secret}`;
    const authorizationEndpoint = 'https://as.example.com/authorize';
    const authorize = () => Promise.reject(new Error('unreachable'));
    return new AuthOAuth2(
      authorizationCode({ ...endpoints, clientId: 'robot', authorizationEndpoint, redirectUri, authorize }),
    );
  },
};

function optionGroups(): FailureGroup[] {
  const paths = Object.entries(options).map(([name, make]) => ({
    name,
    fail: () => made(() => make(markedSecret('text'))),
  }));
  return [{ name: 'an authenticator, made with options', paths }];
}

/** Every mistake in every field of every authenticator, and in options. No client is needed, and no network. */
export function configurationGroups(): FailureGroup[] {
  return [...fieldGroups(), ...optionGroups()];
}
