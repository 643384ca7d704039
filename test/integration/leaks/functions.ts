/** A function that its user has given fails, and says too much: in our errors it must not. */

import axios from 'axios';
import got from 'got';
import ky from 'ky';
import { AuthApiKey } from '../../../src/authenticators/api-key.ts';
import { AuthBearer } from '../../../src/authenticators/bearer.ts';
import { AuthForward } from '../../../src/authenticators/forward.ts';
import { AuthOAuth2 } from '../../../src/authenticators/oauth2.ts';
import { type AuthContext, Authenticator, type AuthRequest } from '../../../src/lifecycle/contract.ts';
import type { AuthorizationResponse } from '../../../src/oauth/authorization-response.ts';
import { type AuthorizeRequest, authorizationCode } from '../../../src/oauth/grants/authorization-code.ts';
import { clientCredentials } from '../../../src/oauth/grants/client-credentials.ts';
import { deviceAuthorization } from '../../../src/oauth/grants/device-authorization.ts';
import { firstOf } from '../../../src/tokens/first-of.ts';
import { withRefreshTokens } from '../../../src/tokens/refresh-tokens.ts';
import type { Token } from '../../../src/tokens/token.ts';
import { TokenAuthenticator } from '../../../src/tokens/token-authenticator.ts';
import type { ClientDriver } from '../../helpers/clients.ts';
import { markedSecret } from '../../helpers/leaks-mark.ts';
import { bound, outcome } from '../contract/fixture.ts';
import { behave } from './authorities.ts';
import { debugSink } from './logs.ts';
import type { FailureGroup } from './paths.ts';
import type { Stage } from './stage.ts';

const debug = { debug: true, logger: debugSink } as const;

function firstToken(): Token {
  return { accessToken: markedSecret('token'), refreshToken: markedSecret('text'), tokenType: 'Bearer' };
}

/** Renews with a client of the user's own, whose error shows what was sent. */
function renewing(send: (url: string, token: Token) => Promise<unknown>) {
  return ({ api }: Stage): Authenticator =>
    new AuthBearer(
      withRefreshTokens(async ({ previous }) => {
        await send(api.url('/401'), previous as Token);
        throw new Error('unreachable');
      }),
      { ...debug, token: firstToken() },
    );
}

const bearer = ({ accessToken }: Token) => ({ authorization: `Bearer ${accessToken}` });

/** Knows the secret from the first call on, and quotes it at the second. */
function quotingLater(): Authenticator {
  const key = markedSecret('header');
  let calls = 0;
  return new AuthApiKey({
    ...debug,
    header: 'x-api-key',
    key: () => {
      calls += 1;
      if (calls > 1) throw new Error(`the key is still ${key}, not rotated`, { cause: { key: Buffer.from(key) } });
      return key;
    },
  });
}

/** A scheme of the user's own, which says of its credential what it is, and quotes it when it is refused. */
class Careless extends Authenticator<string> {
  readonly #key = markedSecret('header');

  override authenticate({ refused }: AuthContext<string>): string {
    this.updateSecret('key', this.#key);
    if (refused) throw new Error(`no better key than ${this.#key}`, { cause: { key: Buffer.from(this.#key) } });
    return this.#key;
  }

  override modifyRequest(request: AuthRequest, key: string): void {
    request.headers.set('x-api-key', key);
  }

  override describeCredential(key: string) {
    return { key, [key]: { inner: [new Error(key)] } };
  }
}

function codeFlow(authorize: (request: AuthorizeRequest) => AuthorizationResponse | Promise<AuthorizationResponse>) {
  return ({ authority }: Stage): Authenticator => {
    const source = authorizationCode({
      tokenEndpoint: `${authority}${behave('kind')}/token`,
      authorizationEndpoint: 'https://as.example/authorize',
      clientId: 'robot',
      clientSecret: markedSecret('text'),
      redirectUri: 'http://127.0.0.1/cb',
      authorize: async (request) => authorize(request),
    });
    return new AuthOAuth2(source, debug);
  };
}

const stateOf = (url: URL) => url.searchParams.get('state') ?? '';
const callback = (query: Record<string, string>) => new URL(`http://127.0.0.1/cb?${new URLSearchParams(query)}`);

const confidential = ({ authority }: Stage) => ({
  tokenEndpoint: `${authority}${behave('kind')}/token`,
  clientId: 'robot',
  clientSecret: markedSecret('text'),
});

function telling(stage: Stage): Authenticator {
  const onToken = (token: Token) =>
    Promise.reject(Object.assign(new Error(`cannot keep ${token.accessToken}`), { token }));
  return new AuthOAuth2(clientCredentials(confidential(stage)), { ...debug, onToken });
}

function showing(stage: Stage): Authenticator {
  const deviceAuthorizationEndpoint = `${stage.authority}${behave('kind')}/device`;
  const show = (prompt: object) => Promise.reject(Object.assign(new Error('no screen'), { prompt }));
  return new AuthOAuth2(deviceAuthorization({ ...confidential(stage), deviceAuthorizationEndpoint, show }), debug);
}

function chained(stage: Stage): Authenticator {
  const token = markedSecret('token');
  const first = { requestToken: () => Promise.reject(new Error(`first: ${JSON.stringify({ token })}`)) };
  const second = clientCredentials({ ...confidential(stage), tokenEndpoint: `${stage.closed}/token` });
  const auth = new AuthBearer(firstOf([first, second], { onFailure: 'next' }), { ...debug, token });
  return auth;
}

function forwarding(): Authenticator {
  const authorization = `Bearer ${markedSecret('token')}`;
  let calls = 0;
  const incoming = () => {
    calls += 1;
    if (calls > 1) throw Object.assign(new Error('the request is gone'), { request: { headers: { authorization } } });
    return { headers: { authorization } };
  };
  return new AuthForward({ ...debug, incoming });
}

const functions: Readonly<Record<string, (stage: Stage) => Authenticator>> = {
  'renews with axios': renewing((url, token) => axios.post(url, token, { headers: bearer(token) })),
  'renews with axios and Basic': renewing((url, { refreshToken = '' }) => {
    return axios.get(url, { auth: { username: 'ada', password: refreshToken } });
  }),
  'renews with axios and a query': renewing((url, token) => axios.get(url, { params: token })),
  'renews with got': renewing((url, token) => got.post(url, { json: token, headers: bearer(token) })),
  'renews with ky': renewing((url, token) => ky.post(url, { json: token, headers: bearer(token), retry: 0 })),
  'renews with ky and a query': renewing((url, token) =>
    ky.get(url, { searchParams: { token: token.accessToken }, retry: 0 }),
  ),
  'renews with fetch and a bad URL': renewing((url, { refreshToken }) => fetch(`//${url}?${refreshToken}`)),
  'renews with fetch and a bad header': renewing((url, { refreshToken = '' }) => {
    return fetch(url, { headers: { authorization: `${refreshToken}\n` } });
  }),
  'parses what it was given': renewing(async (_url, { accessToken }) => JSON.parse(accessToken)),
  'throws the token itself': renewing(async (_url, { accessToken }) => Promise.reject(accessToken)),
  'throws the token in a list': renewing(async (_url, token) => Promise.reject([token])),
  'quotes its secret at the second call': quotingLater,
  'is a scheme of its own': () => new Careless(debug),
  'loses the incoming request': forwarding,
  'keeps tokens (onToken)': telling,
  'shows a device code': showing,
  'is a link of a chain': chained,
  'logs in and quotes the URL': codeFlow(({ url }) => {
    throw new Error(`no browser for ${url}`);
  }),
  'logs in and brings a foreign state': codeFlow(() => callback({ code: markedSecret('token'), state: 'foreign' })),
  'logs in and is refused': codeFlow(({ url }) => {
    return callback({ error: 'access_denied', code: markedSecret('token'), state: stateOf(url) });
  }),
  'logs in and brings two codes': codeFlow(({ url }) => {
    const twice = callback({ code: markedSecret('token'), state: stateOf(url) });
    twice.searchParams.append('code', markedSecret('token'));
    return twice;
  }),
  'logs in and brings a token': codeFlow(({ url }) => {
    return new URL(`#access_token=${markedSecret('token')}&state=${stateOf(url)}`, callback({}));
  }),
};

/** Every function × every client. */
export function functionGroups(drivers: readonly ClientDriver[]): FailureGroup[] {
  return Object.entries(functions).map(([name, create]) => ({
    name: `a function that ${name}`,
    paths: drivers.map((driver) => ({ name: driver.name, fail: (stage) => failFunction(driver, create, stage) })),
  }));
}

async function failFunction(driver: ClientDriver, create: (stage: Stage) => Authenticator, stage: Stage) {
  const auth = create(stage);
  const send = driver.create(auth, bound(stage.api));
  const url = stage.api.url('/401');
  const [first, second] = [await outcome(driver, send({ url })), await outcome(driver, send({ url }))];
  return [first.error, second.error, await renewedDirectly(auth), auth];
}

/** What comes of a renewal that no client has asked for. */
async function renewedDirectly(auth: Authenticator): Promise<unknown> {
  if (!(auth instanceof TokenAuthenticator)) return undefined;
  const { tokens } = auth;
  tokens.reset();
  return Promise.resolve(tokens.get())
    .then((token) => tokens.renew(token))
    .then(
      // A token that somebody asks for is his to print.
      () => undefined,
      (error: unknown) => error,
    );
}
