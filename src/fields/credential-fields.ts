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
  /** Selects the authenticator and wins over `authType`. Default: none. */
  readonly authOverride?: string;
  /** The base URL of the API: binds the credential to its origin. Default: none, the client binds it. */
  readonly url?: string;
  /** Turns the authenticator's debug lines on. Default: `false`. */
  readonly debug?: boolean | string;

  /** The URL of the login, absolute or relative to `url`. Default: `url`. */
  readonly authEndpoint?: string;
  /** The request header that carries the credential; for AuthQuery the query parameter. Default: `Authorization`. */
  readonly authHeader?: string;
  /** Where the login's response holds the token: names of properties, separated by dots. Default: `access_token`. */
  readonly tokenKey?: string;
  /** How the token is sent. Must hold `{}`. Default: `Bearer {}`. */
  readonly tokenFormat?: string;
  /** The user name. Default: none. */
  readonly username?: string;
  /** The password of `username`. Default: none. */
  readonly password?: SecretOption;

  /** Sends all requests through the proxy of the next four fields. Default: `false`. */
  readonly proxy?: boolean | string;
  /** The proxy's host name or IP address. Default: none. */
  readonly proxyHost?: string;
  /** The proxy's port. Default: 80. */
  readonly proxyPort?: number | string;
  /** The user name at the proxy. Default: none. */
  readonly proxyUser?: string;
  /** The password of `proxyUser`. Default: none. */
  readonly proxyPasswd?: SecretOption;
  /** A header to add, as `Name: value`. Default: none. */
  readonly httpHeader1?: string;
  /** Another header to add, as `Name: value`. Default: none. */
  readonly httpHeader2?: string;
  /** More headers to add: an object of strings, or the same as JSON. Default: none. */
  readonly httpHeaders?: string | Readonly<Record<string, string>>;
  /** Whether the server's certificate is checked. Default: `true`. */
  readonly sslverifypeer?: boolean | string;
  /** A PEM file with the CA certificates to trust instead of Node's own. Default: Node's own. */
  readonly ca_path?: string;
  /**
   * Options of the selected authenticator that have no field of their own: an object, or the same as JSON. Default:
   * none.
   */
  readonly opts?: string | Readonly<Record<string, unknown>>;

  /** Seconds until the next login after one that failed; `0`: no next one. Default: 60. */
  readonly timeToNextRequest?: number | string;
  /**
   * What decides how long a token lives: the response (`tokenAuthRefreshDynamic`) or `tokenRefreshTTL`
   * (`tokenAuthRefreshStatic`). Default: `tokenAuthRefreshDynamic`.
   */
  readonly tokenAuthRefresh?: 'tokenAuthRefreshDynamic' | 'tokenAuthRefreshStatic' | '';
  /**
   * The lifetime of a token in seconds: always when static; when dynamic, where the response names none. Default: 3600
   * when static; when dynamic, a token without a lifetime is used until a server refuses it.
   */
  readonly tokenRefreshTTL?: number | string;
  /** Where the response holds the lifetime of the token. Default: `expires_in`. */
  readonly tokenExpiresInSelector?: string;

  /** Text before the key, separated by a space. Default: none. */
  readonly prefix?: string;
  /** Text after the key, separated by a space. Default: none. */
  readonly suffix?: string;
  /** The key of AuthApiKey and AuthQuery; the token of AuthBearer and AuthJwt. Default: none. */
  readonly apikey?: SecretOption;

  /** The client identifier. Default: none. */
  readonly oauth2ClientId?: string;
  /** The client secret. Default: none. */
  readonly oauth2ClientSecret?: SecretOption;
  /** The token endpoint. Default: none. */
  readonly oauth2TokenURL?: string;
  /** The request header that carries the access token. Default: `Authorization`. */
  readonly oauth2TokenLabel?: string;
  /** How the access token is sent. Must hold `{}`. Default: `Bearer {}`. */
  readonly oauth2TokenFormat?: string;
  /** Where the token stands in the answer: own properties, separated by dots. Default: `access_token`. */
  readonly oauth2TokenKey?: string;
  /** The grant. Default: `None`, which AuthOAuth2 refuses. */
  readonly oauth2Type?: 'None' | 'ClientCredentials' | 'ResourceOwner' | '';
  /**
   * How the client authenticates: in a Basic header (`basic_auth`) or in the body (`post_body`). Default: `basic_auth`.
   */
  readonly oauth2AuthType?: 'basic_auth' | 'post_body' | '';
  /** The scope to request with client credentials, separated by spaces. Default: what the server grants by itself. */
  readonly oauth2ClientCredentialsScope?: string;
  /** The resource owner's user name. Default: none. */
  readonly oauth2ResourceOwnerUsername?: string;
  /** The resource owner's password. Default: none. */
  readonly oauth2ResourceOwnerPassword?: SecretOption;
  /** The scope to request as the resource owner, separated by spaces. Default: what the server grants by itself. */
  readonly oauth2ResourceOwnerScope?: string;
  /**
   * More parameters of the resource owner's token request: an object of strings, or the same as JSON. Default: none.
   */
  readonly oauth2ResourceOwnerAdditionalParams?: string | Readonly<Record<string, string>>;
}
