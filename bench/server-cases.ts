/** What servers do: a token of the caller's with each call, a token exchange for each user, an authenticator for each request. */

import { fetchAuth } from '../src/adapters/fetch.ts';
import { AuthBearer } from '../src/authenticators/bearer.ts';
import { AuthForward } from '../src/authenticators/forward.ts';
import { AuthOAuth2 } from '../src/authenticators/oauth2.ts';
import { tokenExchange } from '../src/oauth/grants/token-exchange.ts';
import type { Call, HotCase } from './cases.ts';
import { carefulFetch, type Fetch, fiveLineFetch } from './floors/fetch.ts';
import { carefulForward, carefulPerUser, fiveLineForward, type Served } from './floors/servers.ts';
import { TokenKeeper } from './floors/token-keeper.ts';
import { memoryFetch } from './transports.ts';

const URL = 'https://api.example.com/reports/42?fields=title';
const ISSUER = 'https://login.example.com';
/** More than anybody remembers, and few enough to be made beforehand. */
const TOKENS = 20_000;
const USERS = 500;
const DAY_MS = 86_400_000;
const NO_TARGET = Number.POSITIVE_INFINITY;

const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const header = encoded({ alg: 'RS256', typ: 'JWT', kid: 'bench' });
const exp = Math.floor((Date.now() + DAY_MS) / 1000);

/** The length of a usual JWT. */
function jwt(n: number): string {
  const claims = {
    iss: ISSUER,
    sub: `user ${n}`,
    aud: URL,
    exp,
    groups: Array.from({ length: 20 }, (_, i) => `group-${i}`),
  };
  return `${header}.${encoded(claims)}.${`${n}_signature-`.repeat(40).slice(0, 342)}`;
}

const callWith = (fetch: Fetch): Call => {
  return () => fetch(URL, { headers: { Accept: 'application/json', 'X-Request-Id': '42' } });
};

/** Takes one after the other, and begins again. */
function inTurn<T>(items: readonly T[]): () => T {
  let next = 0;
  return () => {
    next = (next + 1) % items.length;
    return items[next] as T;
  };
}

function forwardCase(): HotCase {
  const served = Array.from({ length: TOKENS }, (_, n): Served => ({ headers: { authorization: `Bearer ${jwt(n)}` } }));
  const auth = new AuthForward({ incoming: inTurn(served), origins: [URL] });
  return {
    name: 'server-forward',
    target: NO_TARGET,
    sends: `Bearer ${header}`,
    by: 'batch',
    bare: callWith(memoryFetch),
    fiveLine: callWith(fiveLineForward(memoryFetch, inTurn(served))),
    careful: callWith(carefulForward(memoryFetch, inTurn(served))),
    authwire: callWith(fetchAuth(auth, { fetch: memoryFetch })),
  };
}

function exchangeCase(): HotCase {
  const users = Array.from({ length: USERS }, (_, n) => jwt(n));
  const tokenOf = (subject: string) => `exchanged-${subject.slice(-20)}`;
  const endpoint = async (_url: unknown, init?: { body?: unknown }) => {
    const subject = new URLSearchParams(String(init?.body)).get('subject_token') ?? '';
    const issued_token_type = 'urn:ietf:params:oauth:token-type:access_token';
    return Response.json({
      access_token: tokenOf(subject),
      token_type: 'Bearer',
      expires_in: 86_400,
      issued_token_type,
    });
  };
  const source = tokenExchange({
    tokenEndpoint: `${ISSUER}/token`,
    clientId: 'bench',
    clientSecret: 'a secret',
    subjectToken: inTurn(users),
    fetch: endpoint,
  });
  const exchange = async (subject: string) => ({ value: tokenOf(subject), expiresAt: Date.now() + DAY_MS });
  return {
    name: 'server-exchange',
    target: NO_TARGET,
    sends: 'Bearer exchanged-',
    by: 'batch',
    bare: callWith(memoryFetch),
    fiveLine: callWith(fiveLineFetch(memoryFetch, () => tokenOf(users[0] as string))),
    careful: callWith(carefulPerUser(memoryFetch, inTurn(users), exchange)),
    authwire: callWith(fetchAuth(new AuthOAuth2(source), { origins: [URL], fetch: memoryFetch })),
  };
}

/** Everything is made for one request and dropped. */
function perRequestCase(): HotCase {
  const tokens = Array.from({ length: TOKENS }, (_, n) => jwt(n));
  const expiresAt = Date.now() + DAY_MS;
  const never = () => Promise.reject(new Error('the token is valid'));
  const fresh = (make: (token: string) => Fetch): Call => {
    const next = inTurn(tokens);
    return () => callWith(make(next()))();
  };
  return {
    name: 'server-per-request',
    target: NO_TARGET,
    sends: `Bearer ${header}`,
    by: 'batch',
    bare: callWith(memoryFetch),
    fiveLine: fresh((token) => fiveLineFetch(memoryFetch, () => token)),
    careful: fresh((value) => carefulFetch(memoryFetch, new TokenKeeper({ value, expiresAt }, never))),
    authwire: fresh((token) => fetchAuth(new AuthBearer(token), { origins: [URL], fetch: memoryFetch })),
  };
}

/** All of them. */
export function serverCases(): HotCase[] {
  return [forwardCase(), exchangeCase(), perRequestCase()];
}
