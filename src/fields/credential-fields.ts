/**
 * The flat credential fields of configuration files and forms: one name and one type each. What they must be and what
 * they mean when they are absent stands in `credential-schema.ts`; the compiler holds the two together.
 */

import type { SecretOption } from '../secret.ts';

/**
 * Everything a credential can say, flat. Empty text is the same as nothing; numbers and booleans may be text; what the
 * chosen authenticator has no use for is ignored.
 */
export interface CredentialFields {
  /** Selects the authenticator, such as `AuthBasic`. Default: `AuthNone`. */
  readonly authType?: string;
  /** Selects the authenticator, too, and wins over `authType`. */
  readonly authOverride?: string;
  /** The base URL: the credential is bound to its origin. */
  readonly url?: string;
  /** Lets the authenticator's logger speak. Default: `false`. */
  readonly debug?: boolean | string;

  /** Where to log in; relative to `url`. Empty: `url` itself. */
  readonly authEndpoint?: string;
  /** The request header that carries the credential; for AuthQuery the query parameter. Default: `Authorization`. */
  readonly authHeader?: string;
  /** Where the token stands in the login's answer: own properties, separated by dots. Default: `access_token`. */
  readonly tokenKey?: string;
  /** How the token is sent. Must hold `{}`. Default: `Bearer {}`. */
  readonly tokenFormat?: string;
  /** Who logs in. */
  readonly username?: string;
  /** The password that goes with `username`. */
  readonly password?: SecretOption;

  /** Sends everything through the proxy that the next four fields describe. Default: `false`. */
  readonly proxy?: boolean | string;
  /** The proxy's host name or IP address. */
  readonly proxyHost?: string;
  /** The proxy's port. */
  readonly proxyPort?: number | string;
  /** Who logs in at the proxy. */
  readonly proxyUser?: string;
  /** The password that goes with `proxyUser`. */
  readonly proxyPasswd?: SecretOption;
  /** A header to add, as `Name: value`. */
  readonly httpHeader1?: string;
  /** Another header to add, as `Name: value`. */
  readonly httpHeader2?: string;
  /** More headers to add: an object of strings, also as JSON. */
  readonly httpHeaders?: string | Readonly<Record<string, string>>;
  /** Whether the server's certificate is checked. Default: `true`. */
  readonly sslverifypeer?: boolean | string;
  /** A file with the certificates of the authorities to trust, in PEM. */
  readonly ca_path?: string;
  /** Options of the chosen authenticator that have no field of their own: an object, also as JSON. */
  readonly opts?: string | Readonly<Record<string, unknown>>;

  /** After a failed login: seconds until the next one. `0`: there is none. Default: 60. */
  readonly timeToNextRequest?: number | string;
  /** Who says how long a token lives: the answer (`tokenAuthRefreshDynamic`, the default) or `tokenRefreshTTL`. */
  readonly tokenAuthRefresh?: 'tokenAuthRefreshDynamic' | 'tokenAuthRefreshStatic' | '';
  /**
   * Seconds that a token lives: always when static (default: 3600), where the answer doesn't say when dynamic (default:
   * until a server refuses it).
   */
  readonly tokenRefreshTTL?: number | string;
  /** Where the answer says how long the token lives. Default: `expires_in`. */
  readonly tokenExpiresInSelector?: string;

  /** Stands before the key, with a space between. */
  readonly prefix?: string;
  /** Stands after the key, with a space between. */
  readonly suffix?: string;
  /** The key of AuthApiKey and AuthQuery, the token of AuthBearer and AuthJwt. */
  readonly apikey?: SecretOption;

  /** The client identifier. */
  readonly oauth2ClientId?: string;
  /** The client secret. */
  readonly oauth2ClientSecret?: SecretOption;
  /** The token endpoint. */
  readonly oauth2TokenURL?: string;
  /** The request header that carries the access token. Default: `Authorization`. */
  readonly oauth2TokenLabel?: string;
  /** How the access token is sent. Must hold `{}`. Default: `Bearer {}`. */
  readonly oauth2TokenFormat?: string;
  /** Where the token stands in the answer: own properties, separated by dots. Default: `access_token`. */
  readonly oauth2TokenKey?: string;
  /** The grant. Default: `None`, which AuthOAuth2 refuses. */
  readonly oauth2Type?: 'None' | 'ClientCredentials' | 'ResourceOwner' | '';
  /** How the client proves itself: in a Basic header (`basic_auth`, the default) or in the body (`post_body`). */
  readonly oauth2AuthType?: 'basic_auth' | 'post_body' | '';
  /** The scope to ask for with client credentials, separated by spaces. */
  readonly oauth2ClientCredentialsScope?: string;
  /** The resource owner's name. */
  readonly oauth2ResourceOwnerUsername?: string;
  /** The resource owner's password. */
  readonly oauth2ResourceOwnerPassword?: SecretOption;
  /** The scope to ask for as the resource owner, separated by spaces. */
  readonly oauth2ResourceOwnerScope?: string;
  /** More parameters of the resource owner's token request: an object of strings, also as JSON. */
  readonly oauth2ResourceOwnerAdditionalParams?: string | Readonly<Record<string, string>>;
}
