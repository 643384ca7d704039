import { LoginRequiredError } from '../../errors.ts';
import type { OAuthSource } from '../../oauth/oauth-source.ts';
import { grantShape } from '../../oauth/option-shapes.ts';
import type { TokenEndpointOptions } from '../../oauth/token-endpoint.ts';
import { joinOptions, pickOptions } from '../../options.ts';
import type { TokenRequest } from '../../tokens/token.ts';
import { BROWSER_LOGIN, type BrowserLoginOptions } from './browser-options.ts';
import { hasNoWay } from './browser-session.ts';
import { CODE_LOGIN, type CodeLoginOptions } from './device-options.ts';
import { canShowCode, deviceSource, hasBrowser, isOutOfReach, isWithoutDevices } from './device-source.ts';
import { type PersonOptions, personalKey, pkceSource, probe } from './pkce-source.ts';

/**
 * When a person enters a code on another screen. `'always'`: where the server can. `'first'`: unless a browser of this machine
 * comes back here. `'otherwise'`: where neither a browser comes back nor an address can be pasted. `'never'`.
 */
export type CodeUse = 'always' | 'first' | 'otherwise' | 'never';

/** A code, or the browser: whichever suits, at each login. */
export function personSource(
  options: PersonOptions,
  given: BrowserLoginOptions & CodeLoginOptions,
  use: CodeUse,
): OAuthSource {
  const login = pickOptions<BrowserLoginOptions>('AuthPkce', given, BROWSER_LOGIN);
  const key = options.storeKey ?? personalKey(options);
  const browser = pkceSource(joinOptions(options, { storeKey: key }), login);
  const hasCodes = options.issuer !== undefined || options.deviceAuthorizationEndpoint !== undefined;
  if (use === 'never' || (use === 'otherwise' && !hasCodes)) return browser;
  const codes = codeSource(options, joinOptions(login, pickOptions('AuthDevice', given, CODE_LOGIN)), key);
  const startsWithCode = () =>
    use === 'always' || (use === 'first' && !hasBrowser(login)) || (use === 'otherwise' && isOutOfReach(login));
  return {
    ...(use === 'otherwise' ? browser : codes),
    storeKey: key,
    // What a person may take is limited here; the cache's own limit must not come first.
    deadlineMs: Math.max(codes.deadlineMs ?? 0, browser.deadlineMs ?? 0),
    async requestToken(request: TokenRequest) {
      const ask = (anew: TokenRequest) => inTime(anew, login.timeoutMs, (limited) => codes.requestToken(limited));
      if (startsWithCode()) return withFallback(request, ask, isWithoutDevices, (anew) => browser.requestToken(anew));
      const first = (anew: TokenRequest) => browser.requestToken(anew);
      if (use === 'first') return first(request);
      return withFallback(request, first, (error) => hasNoWay(error) && canShowCode(given), ask);
    },
  };
}

function codeSource(options: PersonOptions, login: BrowserLoginOptions & CodeLoginOptions, key: string): OAuthSource {
  const grant = pickOptions<TokenEndpointOptions>('AuthDevice', options, grantShape);
  const { authorizationParameters } = options;
  return deviceSource(joinOptions(grant, authorizationParameters ? { authorizationParameters } : {}), login, () =>
    probe(options.store, key),
  );
}

type Ask = (request: TokenRequest) => ReturnType<OAuthSource['requestToken']>;

/** The second way where the first cannot be gone. */
async function withFallback(request: TokenRequest, first: Ask, cannot: (error: unknown) => boolean, second: Ask) {
  try {
    return await first(request);
  } catch (error) {
    if (!cannot(error)) throw error;
    // The refresh token was tried already.
    const { previous: _, ...anew } = request;
    try {
      return await second(anew);
    } catch (other) {
      // Where neither can, the first one's error says more.
      throw isWithoutDevices(other) ? error : other;
    }
  }
}

/** @throws {@link LoginRequiredError} where the person takes longer. */
async function inTime<Value>(
  request: TokenRequest,
  timeoutMs: number | undefined,
  ask: (request: TokenRequest) => Promise<Value>,
): Promise<Value> {
  if (timeoutMs === undefined || timeoutMs === 0) return ask(request);
  const late = new AbortController();
  const reason = () => new LoginRequiredError(`no one signed in within ${timeoutMs / 1000} s.`);
  const timer = setTimeout(() => late.abort(reason()), timeoutMs);
  try {
    return await ask({ ...request, signal: AbortSignal.any([request.signal, late.signal]) });
  } finally {
    clearTimeout(timer);
  }
}
