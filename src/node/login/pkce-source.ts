import { createHash } from 'node:crypto';
import type { AuthOAuth2Options } from '../../authenticators/oauth2.ts';
import { StoreError } from '../../errors.ts';
import type { AuthorizationRequestOptions } from '../../oauth/authorization-request.ts';
import { authorizationCodeIn, authorizationCodeShape } from '../../oauth/grants/authorization-code.ts';
import type { OAuthSource } from '../../oauth/oauth-source.ts';
import { storeKey } from '../../oauth/store-key.ts';
import type { TokenEndpointOptions } from '../../oauth/token-endpoint.ts';
import { joinOptions, pickOptions } from '../../options.ts';
import { reasonOf } from '../../secrets/safe-cause.ts';
import type { TokenStore } from '../../tokens/store.ts';
import type { BrowserLoginOptions } from './browser-options.ts';
import { openBrowserSession } from './browser-session.ts';
import { callbackPlace } from './callback/ports.ts';

/** What signing a person in takes of the server, the client and the store. */
export type PersonOptions = TokenEndpointOptions &
  AuthorizationRequestOptions &
  Pick<AuthOAuth2Options, 'store' | 'storeKey'>;

const TIMEOUT_MS = 120_000;
/** What a login may take beyond the person: discovery before it, the exchange after it. */
const SERVER_MS = 60_000;
const LONGEST_MS = 2 ** 31 - 1;

/** The grant, with a browser and a listener. */
export function pkceSource(options: PersonOptions, login: BrowserLoginOptions): OAuthSource {
  callbackPlace(login.redirectUri, login.ports);
  const { timeoutMs = TIMEOUT_MS } = login;
  const deadlineMs = timeoutMs === 0 ? LONGEST_MS : Math.min(timeoutMs + SERVER_MS, LONGEST_MS);
  const grant = pickOptions<TokenEndpointOptions & AuthorizationRequestOptions>(
    'AuthPkce',
    options,
    authorizationCodeShape,
  );
  const source = authorizationCodeIn(joinOptions(grant, { deadlineMs }), async (_request, refusal) => {
    await probe(options.store, key);
    return openBrowserSession(login, options.issuer, refusal);
  });
  const key = options.storeKey ?? source.storeKey ?? personalKey(options);
  return { ...source, storeKey: key };
}

/** One person's account at this machine. Somebody who has several names them by `storeKey` or `loginHint`. */
export function personalKey(options: TokenEndpointOptions & AuthorizationRequestOptions): string {
  const { issuer, clientId, loginHint, audience } = options;
  const server = issuer ?? String(options.tokenEndpoint);
  const scope = typeof options.scope === 'string' ? options.scope.split(' ') : options.scope;
  const { parameters = {}, refreshParameters = {}, authorizationParameters = {} } = options;
  const more = JSON.stringify([options.resource, parameters, refreshParameters, authorizationParameters]);
  const digest = createHash('sha256').update(more).digest('base64url');
  return storeKey('person', server, clientId, loginHint, scope && [...scope].sort(), audience, digest);
}

/** A login that cannot be kept is better not begun. */
export async function probe(
  store: (TokenStore & { probe?(key: string): Promise<void> }) | undefined,
  key: string,
): Promise<void> {
  if (store === undefined) return;
  try {
    await (store.probe === undefined ? store.read(key) : store.probe(key));
  } catch (error) {
    if (error instanceof StoreError) throw error;
    throw new StoreError(`the token store failed, so no sign-in was started: ${reasonOf(error)}`, { cause: error });
  }
}
