import { ConfigurationError } from '../errors.ts';
import { KEEP, type Keeper, type Keeping } from './keeping.ts';
import { RefreshRenewer } from './refresh-renewer.ts';
import { RefreshVault } from './refresh-vault.ts';
import { fromFunction } from './sources.ts';
import type { TokenRequest, TokenSource } from './token.ts';
import type { TokenInput } from './token-input.ts';
import type { VaultSettings } from './token-vault.ts';

function keepRefreshTokens(settings: VaultSettings): Keeping {
  const vault = new RefreshVault(settings);
  return { vault, renewer: (failures) => new RefreshRenewer(settings, vault, failures) };
}

/** What a source has that sends refresh tokens. */
export const sendsRefreshTokens: Keeper = { [KEEP]: keepRefreshTokens };

/** Renews a token in your own way, with its refresh token where there is one that may be sent. */
export type RefreshFunction = (request: TokenRequest) => TokenInput | Promise<TokenInput>;

/**
 * A function or source of your own that sends the refresh token of the last token. It finds it in `previous.refreshToken`
 * while it may be sent: a refresh token that was used, or whose answer was lost, is left out, the deadline does not cut a
 * request that carries one, and `invalid_grant` ends the login. Without this, and without a `store`, a source never gets a
 * refresh token.
 *
 * @example
 * const auth = new AuthBearer(
 *   withRefreshTokens(({ previous, signal }) => renew(previous?.refreshToken, signal)),
 *   { token: first, onToken: save },
 * );
 */
export function withRefreshTokens(source: RefreshFunction | TokenSource): TokenSource {
  if (typeof source !== 'function' && typeof source?.requestToken !== 'function')
    throw new ConfigurationError(
      `withRefreshTokens takes a function or a token source, got ${source === null ? 'null' : typeof source}.`,
    );
  const own = typeof source === 'function' ? fromFunction(source) : source;
  return { ...own, requestToken: (request) => own.requestToken(request), ...sendsRefreshTokens };
}
