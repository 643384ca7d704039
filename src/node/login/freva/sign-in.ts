/**
 * How a person signs in at a freva server: with a device code, or with the browser where the server has none to give.
 */

import { AuthenticationError, isAuthError, TokenEndpointError } from '../../../errors.ts';
import { codeOf } from '../../../oauth/authorization-response.ts';
import { readDeviceCode } from '../../../oauth/device-code.ts';
import { AGAIN } from '../../../oauth/grants/authorization-code.ts';
import { wait as realWait, type Wait } from '../../../oauth/wait.ts';
import type { BrowserLoginOptions } from '../browser-options.ts';
import { openBrowserSession } from '../browser-session.ts';
import type { DeviceLoginOptions } from '../device-options.ts';
import { showDevice } from '../device-source.ts';
import type { FrevaEndpoints } from './endpoints.ts';
import type { TokenJson } from './token-json.ts';

/** What a sign-in needs beside the server. */
export interface SignInOptions extends BrowserLoginOptions, DeviceLoginOptions {
  readonly host: string;
  readonly wait?: Wait;
}

/** What the server keeps to itself. */
const NOTHING = { codeVerifier: '', nonce: undefined, maxAgeMs: undefined } as const;
const SLOW_DOWN_MS = 5000;
/** The ports that freva's servers know where they name none. */
const PORTS = [53_100, 53_101, 53_102, 53_103, 53_104, 53_105];

/** The device code first; 503 says that the authorization server has none. */
export async function frevaSignIn(
  endpoints: FrevaEndpoints,
  options: SignInOptions,
  signal: AbortSignal,
): Promise<TokenJson> {
  try {
    return await withDeviceCode(endpoints, options, signal);
  } catch (error) {
    const { status } = error as TokenEndpointError;
    if (!isAuthError(error) || error.code !== 'ERR_AUTH_TOKEN_ENDPOINT' || status !== 503) throw error;
    return withBrowser(endpoints, options, signal);
  }
}

async function withDeviceCode(
  endpoints: FrevaEndpoints,
  options: SignInOptions,
  signal: AbortSignal,
): Promise<TokenJson> {
  const { body, status } = await endpoints.call('/auth/v2/device', { form: {} }, signal);
  const response = {
    endpoint: `${options.host}/auth/v2/device`,
    status,
    headers: new Headers(),
    text: JSON.stringify(body),
    receivedAt: Date.now(),
    wanted: 'device code',
  };
  const code = readDeviceCode(response, false);
  const done = new AbortController();
  const own = { clientId: 'freva', server: new URL(options.host).host };
  try {
    await showDevice({ ...code.prompt, signal: AbortSignal.any([signal, done.signal]) }, own, options);
    return await poll(endpoints, code, options.wait ?? realWait, signal);
  } finally {
    done.abort();
  }
}

async function poll(
  endpoints: FrevaEndpoints,
  { deviceCode, prompt, ...first }: ReturnType<typeof readDeviceCode>,
  wait: Wait,
  signal: AbortSignal,
): Promise<TokenJson> {
  for (let { intervalMs } = first; Date.now() + intervalMs < prompt.expiresAt; ) {
    await wait(intervalMs, signal);
    try {
      return await endpoints.token({ 'device-code': deviceCode }, signal);
    } catch (error) {
      const { error: reason, status = 0, kind } = error as TokenEndpointError;
      if (reason === 'slow_down') intervalMs += SLOW_DOWN_MS;
      else if (kind === 'network' || status >= 500) intervalMs *= 2;
      else if (reason !== 'authorization_pending') throw error;
    }
  }
  throw new TokenEndpointError('The login failed: the code expired before it was used. Start again.', {
    kind: 'oauth-error',
    error: 'expired_token',
  });
}

async function withBrowser(endpoints: FrevaEndpoints, options: SignInOptions, signal: AbortSignal): Promise<TokenJson> {
  const ports = options.ports ?? (await portsOf(endpoints, signal));
  const login = { redirectUri: 'http://localhost/callback', ...options, ports };
  const session = await openBrowserSession(login, undefined, undefined);
  try {
    for (;;) {
      const { redirectUri } = session;
      const url = await endpoints.loginUrl(redirectUri, signal);
      // The server makes the state up, and hides the verifier in it.
      const state = url.searchParams.get('state') ?? '';
      if (state === '')
        throw new AuthenticationError(
          `${options.host} redirects to a login page without parameter 'state', so its response could be forged.`,
        );
      const answer = await session.authorize({ url, state, redirectUri, responseMode: 'query', signal });
      if (answer === AGAIN) continue;
      const code = codeOf(answer, { redirectUri, state, responseMode: 'query', ...NOTHING }, undefined);
      const verifier = state.includes('|') ? { code_verifier: state.slice(state.lastIndexOf('|') + 1) } : {};
      const token = await endpoints.token({ code, redirect_uri: redirectUri, ...verifier }, signal);
      await session.settle();
      return token;
    }
  } catch (error) {
    await session.settle(error);
    throw error;
  }
}

async function portsOf(endpoints: FrevaEndpoints, signal: AbortSignal): Promise<readonly number[]> {
  try {
    const { body } = await endpoints.call('/auth/v2/auth-ports', {}, signal);
    const { valid_ports: ports } = body as { readonly valid_ports?: unknown };
    return Array.isArray(ports) && ports.every((port) => Number.isInteger(port)) && ports.length > 0 ? ports : PORTS;
  } catch {
    return PORTS;
  }
}
