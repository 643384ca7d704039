import { ConfigurationError } from '../errors.ts';
import type { CredentialFields } from '../fields/credential-fields.ts';
import { namingFields } from '../fields/field-names.ts';
import { type ParsedFields, parseCredentialFields, readFields } from '../fields/parse.ts';
import { textOrTexts, texts } from '../fields/values.ts';
import { buildWith } from '../lifecycle/build.ts';
import {
  backOffOptions,
  endpointOptions,
  LIFETIME_FIELDS,
  RESOURCE_OPTS,
  responseOptions,
  type TokenBuildOptions,
  tokenOptions,
} from '../oauth/build-options.ts';
import { clientCredentials } from '../oauth/grants/client-credentials.ts';
import { resourceOwnerPassword } from '../oauth/grants/resource-owner-password.ts';
import type { IdTokenClaims } from '../oauth/id-token.ts';
import type { Introspection } from '../oauth/introspection.ts';
import type { OAuthSource } from '../oauth/oauth-source.ts';
import { ResourceAuthenticator, type ResourceAuthenticatorOptions } from '../oauth/resource-authenticator.ts';
import type { TokenSource } from '../tokens/token.ts';

export type AuthOAuth2Options = ResourceAuthenticatorOptions;

interface RequestOptions {
  readonly signal?: AbortSignal;
}

/** How long the server may take to revoke or to introspect, in milliseconds. */
const DEADLINE_MS = 30_000;

/**
 * OAuth 2.0 access tokens from any grant.
 *
 * @example
 * const auth = new AuthOAuth2(clientCredentials({ tokenEndpoint, clientId, clientSecret, scope: 'reports:read' }));
 */
export class AuthOAuth2 extends ResourceAuthenticator {
  readonly #source: TokenSource & Partial<OAuthSource>;

  constructor(source: TokenSource, options: AuthOAuth2Options = {}) {
    if (typeof source?.requestToken !== 'function') {
      throw new ConfigurationError('AuthOAuth2 takes a grant, such as clientCredentials({ … }).');
    }
    super(source, options);
    this.#source = source;
  }

  static override getName(): string {
    return 'AuthOAuth2';
  }

  static getDesc(): string {
    return 'OAuth 2.0';
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
  async revoke({ signal = AbortSignal.timeout(DEADLINE_MS) }: RequestOptions = {}): Promise<void> {
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
  async introspect({
    signal = AbortSignal.timeout(DEADLINE_MS),
  }: RequestOptions = {}): Promise<Introspection | undefined> {
    const token = await this.tokens.newest();
    return token === undefined ? undefined : this.#known('introspect')(token, signal);
  }

  /**
   * What the ID token says of the user, once it has been validated. `undefined` before the first login, without scope
   * `openid`, and where the grant was given endpoints in the place of an `issuer`. A token that you give yourself (option
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

  /** Takes the grant from `oauth2Type`: client credentials, or the resource owner's password. */
  static build(fields: CredentialFields, options: TokenBuildOptions = {}): AuthOAuth2 {
    const { oauth2Type } = readFields(fields, ['oauth2Type']);
    if (oauth2Type === 'None') {
      throw new ConfigurationError("field 'oauth2Type' is None: set it to ClientCredentials or ResourceOwner.", {
        option: 'oauth2Type',
      });
    }
    const { source, client } =
      oauth2Type === 'ClientCredentials' ? asClient(fields, options) : asOwner(fields, options);
    const { oauth2TokenLabel: header, oauth2TokenFormat: format } = client;
    const { audience, resource, parameters, ...opts } = client.opts;
    const own = { ...tokenOptions(options, { ...opts, header, format }), ...backOffOptions(client) };
    return buildWith(fields, options, (common) => new AuthOAuth2(source, { ...own, ...common }));
  }
}

const OPTS = { ...RESOURCE_OPTS, audience: textOrTexts, resource: textOrTexts, parameters: texts };

const CLIENT = {
  oauth2TokenURL: "the token endpoint's URL",
  oauth2ClientId: 'the client identifier',
  oauth2ClientSecret: 'the client secret',
} as const;

const CLIENT_USES = [
  'oauth2AuthType',
  'oauth2TokenKey',
  'oauth2TokenLabel',
  'oauth2TokenFormat',
  ...LIFETIME_FIELDS,
] as const;

function asClient(fields: CredentialFields, options: TokenBuildOptions) {
  const client = parseCredentialFields(fields, {
    needs: CLIENT,
    uses: [...CLIENT_USES, 'oauth2ClientCredentialsScope'],
    opts: OPTS,
  });
  const own = { ...clientOptions(client, options), scope: client.oauth2ClientCredentialsScope };
  return { client, source: namingFields(OPTION_FIELDS, () => clientCredentials(own)) };
}

function asOwner(fields: CredentialFields, options: TokenBuildOptions) {
  const client = parseCredentialFields(fields, {
    needs: {
      ...CLIENT,
      oauth2ResourceOwnerUsername: "the resource owner's name",
      oauth2ResourceOwnerPassword: "the resource owner's password",
    },
    uses: [...CLIENT_USES, 'oauth2ResourceOwnerScope', 'oauth2ResourceOwnerAdditionalParams'],
    opts: OPTS,
  });
  const common = clientOptions(client, options);
  const own = {
    ...common,
    username: client.oauth2ResourceOwnerUsername,
    password: client.oauth2ResourceOwnerPassword,
    scope: client.oauth2ResourceOwnerScope,
    parameters: { ...common.parameters, ...Object.fromEntries(client.oauth2ResourceOwnerAdditionalParams ?? []) },
  };
  const names = { ...OPTION_FIELDS, parameters: 'oauth2ResourceOwnerAdditionalParams' };
  return { client, source: namingFields(names, () => resourceOwnerPassword(own)) };
}

/** Where the options of a grant come from. */
const OPTION_FIELDS = { tokenEndpoint: 'oauth2TokenURL', parameters: 'opts', audience: 'opts', resource: 'opts' };

function clientOptions(client: ClientFields, options: TokenBuildOptions) {
  const { audience, resource, parameters } = client.opts;
  return {
    tokenEndpoint: client.oauth2TokenURL,
    clientId: client.oauth2ClientId,
    clientSecret: client.oauth2ClientSecret,
    clientAuthentication: AUTHENTICATION[client.oauth2AuthType],
    ...(audience !== undefined && { audience }),
    ...(resource !== undefined && { resource }),
    ...(parameters !== undefined && { parameters: Object.fromEntries(parameters) }),
    ...responseOptions(client, client.oauth2TokenKey),
    ...endpointOptions(options),
  };
}

const AUTHENTICATION = { basic_auth: 'client_secret_basic', post_body: 'client_secret_post' } as const;

type ClientFields = ParsedFields<(typeof CLIENT_USES)[number], keyof typeof CLIENT, typeof OPTS>;
