/** Every function that users give to be told or asked of something: whatever it does, nobody else is harmed. */
import { readdirSync, readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AuthBasic } from '../../src/authenticators/basic.ts';
import { AuthOAuth2 } from '../../src/authenticators/oauth2.ts';
import { StepUpRequiredError } from '../../src/errors.ts';
import type { AuthRequest } from '../../src/lifecycle/contract.ts';
import { Exchange } from '../../src/lifecycle/exchange.ts';
import { wire } from '../../src/lifecycle/wiring.ts';
import { createCredentialFilter } from '../../src/logging/credential-filter.ts';
import { KeyringUnavailable } from '../../src/node/stores/keyring/access.ts';
import { keyringStore } from '../../src/node/stores/keyring-token-store.ts';
import { deviceAuthorization } from '../../src/oauth/grants/device-authorization.ts';
import { TokenCache } from '../../src/tokens/token-cache.ts';
import { token } from './tokens/by-hand.ts';

const unhandled: unknown[] = [];
const note = (reason: unknown) => void unhandled.push(reason);

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  process.on('unhandledRejection', note);
});

afterEach(async () => {
  vi.useRealTimers();
  await new Promise((resolve) => setImmediate(resolve));
  process.off('unhandledRejection', note);
  expect(unhandled.splice(0)).toEqual([]);
});

/** What a callback may do. */
const misdeeds: Record<string, () => never> = {
  throws: () => {
    throw new Error('mine');
  },
  rejects: () => Promise.reject(new Error('mine')) as never,
  hangs: () => new Promise(() => {}) as never,
  'returns a rejected promise of another realm': () => runInNewContext('Promise.reject(new Error("theirs"))') as never,
  'returns a thenable that knows nothing but then': () =>
    // biome-ignore lint/suspicious/noThenProperty: that is the case.
    ({ then: (_: unknown, no: (e: Error) => void) => no(new Error('theirs')) }) as never,
};

const request = (origin = 'https://api.example.com'): AuthRequest => ({
  method: 'GET',
  origin,
  url: new URL(`${origin}/`),
  replayable: true,
  headers: { get: () => null, set: () => {}, delete: () => {}, has: () => false },
});
const lived = () => token('t1', { expiresAt: Date.now() + 3_600_000 });
const source = { requestToken: async () => lived() };

/** Sends what has been asked for to its end, whatever waits. */
async function ends<T>(work: T | Promise<T>): Promise<T> {
  const done = Promise.resolve(work);
  done.catch(() => undefined);
  await vi.advanceTimersByTimeAsync(700_000);
  const state = Symbol('pending');
  const first = await Promise.race([
    done.catch(() => undefined),
    new Promise((resolve) => setImmediate(() => resolve(state))),
  ]);
  expect(first, 'it hangs').not.toBe(state);
  return done;
}

const stepUp = 'Bearer error="insufficient_user_authentication", acr_values="high"';

/** By name, what a misdeed must not change. */
const listeners: Record<string, (misdeed: () => never) => Promise<void>> = {
  async onToken(onToken) {
    expect(await ends(new TokenCache(source, { onToken }).get())).toMatchObject({ accessToken: 't1' });
  },
  async onRenewalFailed(onRenewalFailed) {
    const failure = new Error('no');
    const cache = new TokenCache({ requestToken: () => Promise.reject(failure) }, { onRenewalFailed, tries: 1 });
    await expect(ends(cache.get())).rejects.toMatchObject({ code: 'ERR_AUTH_CREDENTIAL' });
  },
  async waitUntil(waitUntil) {
    expect(await ends(new TokenCache(source, { waitUntil }).get())).toMatchObject({ accessToken: 't1' });
  },
  async onStepUp(onStepUp) {
    const auth = new AuthOAuth2(source, { onStepUp, origins: ['https://api.example.com'] });
    const answer = {
      status: 401,
      headers: { get: (name: string) => (name === 'www-authenticate' ? stepUp : null) },
      request: request(),
    };
    const credential = await auth.authenticate({ request: request() });
    const call = () =>
      Promise.resolve(auth.authenticate({ request: request(), refused: { credential, response: answer } }));
    await expect(ends(call())).rejects.toBeInstanceOf(StepUpRequiredError);
    // Nobody waits for the former caller's callback.
    await expect(ends(call())).rejects.toBeInstanceOf(StepUpRequiredError);
  },
  async scopeStepUp(scopeStepUp) {
    const auth = new AuthOAuth2(source, { scopeStepUp, origins: ['https://api.example.com'] });
    const challenge = 'Bearer error="insufficient_scope", scope="admin"';
    const response = {
      status: 403,
      headers: { get: (name: string) => (name === 'www-authenticate' ? challenge : null) },
      request: request(),
    };
    expect(await ends(auth.checkResult(response, await auth.authenticate({ request: request() })))).toBe(true);
  },
  async origins(origins) {
    const auth = new AuthBasic({ username: 'u', password: 'pw-of-u', origins });
    const exchange = new Exchange(wire('test', auth, {}));
    await ends((async () => exchange.prepare(request()))().catch(() => undefined));
    expect(exchange.signed).toBe(false);
  },
  async onResend(onResend) {
    const auth = new AuthOAuth2(source, { origins: ['https://api.example.com'] });
    const exchange = new Exchange(wire('test', auth as never, {}), undefined, undefined, { onResend });
    await ends(exchange.prepare(request()) ?? undefined);
    const response = { status: 401, headers: { get: () => 'Bearer error="invalid_token"' }, request: request() };
    expect(await ends(exchange.review(response))).toBeTypeOf('boolean');
  },
  async logger(debug) {
    const auth = new AuthBasic({ username: 'u', password: 'pw-of-u', origins: '*', debug: true, logger: { debug } });
    const exchange = new Exchange(wire('test', auth, {}));
    await ends(exchange.prepare(request()) ?? undefined);
    expect(exchange.signed).toBe(true);
  },
  async onWeakSecret(onWeakSecret) {
    const filter = createCredentialFilter({ onWeakSecret });
    filter.updateSecret('key', 'abc');
    expect(filter.mask('is abc there')).toBe('is ***** there');
  },
  async onFallback(onFallback) {
    const absent = () => Promise.reject(new KeyringUnavailable('missing', 'no keyring here'));
    const store = keyringStore({ get: absent, set: absent } as never, { onFallback, fallback: 'memory' });
    expect(await store.write('k', { token: token('t') }, undefined)).toMatchObject({ ok: true });
  },
};

/** What is asked for an answer by whoever needs it, and harms nobody else by failing. */
const answering: Record<string, string> = {
  fetch: 'sends requests; every wait for it has a deadline',
  now: 'a clock',
  monotonic: 'a clock',
  random: 'random bytes',
  wait: 'for tests',
  check: 'of TokenCache alone: refuses a token',
  authorize: 'signs a person in, within the deadline of the source',
  redirectUri: 'within the deadline of the source',
  openBrowser: 'its failure shows the address instead; see auth-pkce tests',
  onLink: 'its failure ends the sign-in, its hanging does not',
  onCode: 'its failure ends the sign-in, its hanging does not: see show',
  body: 'makes the body of a login',
  idTokenIssuer: 'nothing but true is a yes; within the deadline of the source',
  encodeBody: 'makes the body of a token request, before anything is sent',
  authorizationServers: 'asked once by the caller of discoverProtectedResource',
  allowEndpoints: 'nothing but true is a yes',
  onWarning: "its error is the caller's of loadConfig",
  get: 'a store: every operation has a deadline',
  set: 'a store: every operation has a deadline',
  delete: 'a store: every operation has a deadline',
  refusedWhen: 'asked for one call, by that call',
  incoming: 'asked for one call, by that call',
  store: 'every operation has a deadline',
  show: 'below',
};

describe.each(Object.keys(listeners))('%s', (name) => {
  it.each(Object.entries(misdeeds))('that %s harms nobody', async (_what, misdeed) => {
    await listeners[name]?.(misdeed);
  });
});

describe('onStepUp', () => {
  it('may send a request that is stepped up itself: that one fails, and nobody waits for ever', async () => {
    const response = {
      status: 401,
      headers: { get: (name: string) => (name === 'www-authenticate' ? stepUp : null) },
      request: request(),
    };
    const inner: unknown[] = [];
    const auth: AuthOAuth2 = new AuthOAuth2(source, {
      origins: ['https://api.example.com'],
      async onStepUp() {
        const credential = await auth.authenticate({ request: request() });
        await Promise.resolve(auth.authenticate({ request: request(), refused: { credential, response } })).catch(
          (error) => inner.push(error),
        );
      },
    });
    const credential = await auth.authenticate({ request: request() });
    const call = Promise.resolve(auth.authenticate({ request: request(), refused: { credential, response } }));
    call.catch(() => undefined);
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(inner).toEqual([expect.any(StepUpRequiredError)]);
    await expect(call).rejects.toBeInstanceOf(StepUpRequiredError);
  });
});

describe('show of deviceAuthorization', () => {
  const answers: Record<string, object> = {
    '/device': {
      device_code: 'device-code-1',
      user_code: 'AB-CD',
      verification_uri: 'https://login.example.com/d',
      expires_in: 600,
      interval: 1,
    },
    '/token': { access_token: 'from-device', token_type: 'Bearer', expires_in: 60 },
  };
  const source = (show: () => never) =>
    deviceAuthorization({
      ...{ clientId: 'c', show, deviceAuthorizationEndpoint: 'https://login.example.com/device' },
      tokenEndpoint: 'https://login.example.com/token',
      fetch: async (url) => Response.json(answers[new URL(String(url)).pathname]),
    });

  it('that hangs does not keep the login from coming to its end', async () => {
    const asked = source(() => new Promise(() => {}) as never).requestToken({ signal: new AbortController().signal });
    expect(await ends(asked)).toMatchObject({ accessToken: 'from-device' });
  });

  it('that rejects ends the login', async () => {
    const asked = source(() => Promise.reject(new Error('no screen')) as never).requestToken({
      signal: new AbortController().signal,
    });
    await expect(ends(asked)).rejects.toThrow('no screen');
  });
});

it('every function among the options is in one of these tables', () => {
  const root = new URL('../../src/', import.meta.url);
  const found = new Set<string>();
  for (const file of readdirSync(root, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts')) continue;
    for (const [, name] of readFileSync(new URL(file, root), 'utf8').matchAll(
      /(\w+): (?:func\b|either\([^)]*\bfunc\b)/g,
    ))
      found.add(name as string);
  }
  const known = [...Object.keys(listeners), ...Object.keys(answering)];
  expect([...found].filter((name) => !known.includes(name))).toEqual([]);
  expect(found.size).toBeGreaterThan(15);
});
