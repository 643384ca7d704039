import type { AuthOAuth2Options } from '../../authenticators/oauth2.ts';
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
    async requestToken(request: TokenRequest) {
      if (preferBrowser && hasBrowser(login)) return browser.requestToken(request);
      try {
        return await codes.requestToken(request);
      } catch (error) {
        if (!isWithoutDevices(error)) throw error;
        const { previous: _, ...anew } = request;
        return browser.requestToken(anew);
      }
    },
  };
}
