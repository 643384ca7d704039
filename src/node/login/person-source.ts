import type { AuthOAuth2Options } from '../../authenticators/oauth2.ts';
import { LoginRequiredError } from '../../errors.ts';
import type { AuthorizationRequestOptions } from '../../oauth/authorization-request.ts';
import type { OAuthSource } from '../../oauth/oauth-source.ts';
import { grantShape } from '../../oauth/option-shapes.ts';
import type { TokenEndpointOptions } from '../../oauth/token-endpoint.ts';
import { joinOptions, pickOptions } from '../../options.ts';
import type { TokenRequest } from '../../tokens/token.ts';
import { personalKey, pkceSource, probe } from './auth-pkce.ts';
import type { BrowserLoginOptions } from './browser-options.ts';
import type { DeviceLoginOptions } from './device-options.ts';
import { deviceSource, hasBrowser, isWithoutDevices } from './device-source.ts';

type GrantOptions = TokenEndpointOptions & AuthorizationRequestOptions & Pick<AuthOAuth2Options, 'store' | 'storeKey'>;

/** A code, or the browser: whichever suits, at each login. */
export function personSource(
  options: GrantOptions,
  login: BrowserLoginOptions,
  device: DeviceLoginOptions,
): OAuthSource {
  const key = options.storeKey ?? personalKey(options);
  const browser = pkceSource(joinOptions(options, { storeKey: key }), login);
  const grant = pickOptions<TokenEndpointOptions>('AuthDevice', options, grantShape);
  const authorizationParameters = options.authorizationParameters;
  const codes = deviceSource(
    joinOptions(grant, authorizationParameters ? { authorizationParameters } : {}),
    joinOptions(device, login),
    () => probe(options.store, key),
  );
  const { preferBrowser = true } = device;
  return {
    ...codes,
    storeKey: key,
    // What a person may take is limited here; the cache's own limit must not come first.
    deadlineMs: Math.max(codes.deadlineMs ?? 0, browser.deadlineMs ?? 0),
    async requestToken(request: TokenRequest) {
      if (preferBrowser && hasBrowser(login)) return browser.requestToken(request);
      try {
        return await inTime(request, login.timeoutMs, (limited) => codes.requestToken(limited));
      } catch (error) {
        if (!isWithoutDevices(error)) throw error;
        const { previous: _, ...anew } = request;
        return browser.requestToken(anew);
      }
    },
  };
}

/** @throws {@link LoginRequiredError} where the person takes longer. */
async function inTime<Value>(
  request: TokenRequest,
  timeoutMs: number | undefined,
  ask: (request: TokenRequest) => Promise<Value>,
): Promise<Value> {
  if (timeoutMs === undefined || timeoutMs === 0) return ask(request);
  const late = new AbortController();
  const reason = () => new LoginRequiredError(`nobody signed in within ${timeoutMs / 1000} s.`);
  const timer = setTimeout(() => late.abort(reason()), timeoutMs);
  try {
    return await ask({ ...request, signal: AbortSignal.any([request.signal, late.signal]) });
  } finally {
    clearTimeout(timer);
  }
}
