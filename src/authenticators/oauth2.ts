import { ConfigurationError } from '../errors.ts';
import type { IdTokenClaims } from '../oauth/id-token.ts';
import type { Introspection } from '../oauth/introspection.ts';
import type { OAuthSource } from '../oauth/oauth-source.ts';
import {
  ResourceAuthenticator,
  type ResourceAuthenticatorOptions,
  resourceShape,
} from '../oauth/resource-authenticator.ts';
import { object, readOptions, type Shape } from '../options.ts';
import type { TokenFunction } from '../tokens/sources.ts';
import type { TokenSource } from '../tokens/token.ts';

/** Options of {@link AuthOAuth2}. */
export type AuthOAuth2Options = ResourceAuthenticatorOptions;

interface RequestOptions {
  /** Cancels the request. Default: none. */
  readonly signal?: AbortSignal;
}

const REQUEST: Shape<RequestOptions> = { signal: object };

/** How long the server may take to revoke or to introspect, in milliseconds. */
const DEADLINE_MS = 30_000;

/**
 * OAuth 2.0 access tokens from any grant, or from a function of your own that can meet the demands of servers: a scope, a
 * stronger login, claims.
 *
 * @example
 * const auth = new AuthOAuth2(clientCredentials({ tokenEndpoint, clientId, clientSecret, scope: 'reports:read' }));
 */
export class AuthOAuth2 extends ResourceAuthenticator {
  readonly #source: Partial<OAuthSource>;

  constructor(source: TokenSource | TokenFunction, options: AuthOAuth2Options = {}) {
    if (typeof source !== 'function' && typeof source?.requestToken !== 'function') {
      throw new ConfigurationError('AuthOAuth2 takes a grant, such as clientCredentials({ … }).');
    }
    super(source, new.target === AuthOAuth2 ? readOptions('AuthOAuth2', options, resourceShape) : options);
    this.#source = typeof source === 'function' ? {} : source;
    if (Object.hasOwn(options, 'format')) this.#source.allowAnyTokenType?.();
  }

  static override getName(): string {
    return 'AuthOAuth2';
  }

  /**
   * Leaves: the token is forgotten here and in the store at once, then revoked at the server (RFC 7009), the refresh
   * token first. Whatever fails there, it stays forgotten here.
   *
   * @param options.signal - Default: aborts after 30 seconds.
   * @throws {@link TokenEndpointError} when the server could not be told, {@link ConfigurationError} when it has no
   * revocation endpoint, {@link StoreError} when the store could not be cleared.
   * @example
   * await auth.revoke();
   */
  async revoke(options?: RequestOptions): Promise<void> {
    const { signal = AbortSignal.timeout(DEADLINE_MS) } = readOptions('revoke', options, REQUEST);
    const [read] = await Promise.allSettled([this.tokens.newest()]);
    const token = read.status === 'fulfilled' ? read.value : undefined;
    const told = async () => (token === undefined ? undefined : this.#known('revoke')(token, signal));
    const outcomes = await Promise.allSettled([this.tokens.clear(), told()]);
    for (const outcome of [...outcomes, read]) if (outcome.status === 'rejected') throw outcome.reason;
  }

  /**
   * What the server thinks of the access token (RFC 7662), for diagnosis. `undefined`: there is none to ask about.
   *
   * @param options.signal - Default: aborts after 30 seconds.
   * @throws {@link TokenEndpointError}, {@link ConfigurationError} when the server has no introspection endpoint.
   */
  async introspect(options?: RequestOptions): Promise<Introspection | undefined> {
    const { signal = AbortSignal.timeout(DEADLINE_MS) } = readOptions('introspect', options, REQUEST);
    const token = await this.tokens.newest();
    return token === undefined ? undefined : this.#known('introspect')(token, signal);
  }

  /**
   * What the ID token says of the user, once it has been validated. `undefined` before the first login, without scope
   * `openid`, and where the grant was given endpoints instead of an `issuer`. A token that you give yourself (option
   * `token`, a store, `tokens.set`) is taken to have been validated before.
   */
  async claims(): Promise<IdTokenClaims | undefined> {
    const token = await this.tokens.newest();
    return token === undefined ? undefined : this.#source.claims?.(token);
  }

  #known<Name extends 'revoke' | 'introspect'>(name: Name): OAuthSource[Name] {
    const method = this.#source[name];
    if (method !== undefined) return method as OAuthSource[Name];
    throw new ConfigurationError(
      `${name} needs a grant, such as clientCredentials({ … }): only a grant knows its server.`,
    );
  }
}
