/**
 * The flat credential fields of configuration files and forms: one name, one type and one default each.
 */

import type { SecretOption } from '../secret.ts';

/** Everything a credential can say, flat. Empty text is the same as nothing; numbers may be text. */
export interface CredentialFields {
  /** Selects the authenticator, such as `AuthBasic`. */
  readonly authType?: string;
  /** Wins over `authType`. */
  readonly authOverride?: string;
  /** The base URL: the credential is bound to its origin. */
  readonly url?: string;
  /** Lets the authenticator's logger speak. */
  readonly debug?: boolean | string;

  /** Where to log in; relative to `url`. Empty: `url` itself. */
  readonly authEndpoint?: string;
  /** The request header that carries the credential; for AuthQuery the query parameter. */
  readonly authHeader?: string;
  /** Where the token stands in the login's answer: own properties, separated by dots. */
  readonly tokenKey?: string;
  /** How the token is sent. Must hold `{}`. */
  readonly tokenFormat?: string;
  readonly username?: string;
  readonly password?: SecretOption;

  readonly proxy?: boolean | string;
  readonly proxyHost?: string;
  readonly proxyPort?: number | string;
  readonly proxyUser?: string;
  readonly proxyPasswd?: SecretOption;
  /** A header to add, as `Name: value`. */
  readonly httpHeader1?: string;
  /** Another header to add, as `Name: value`. */
  readonly httpHeader2?: string;
  /** More headers to add, as a JSON object of strings. */
  readonly httpHeaders?: string;
  readonly sslverifypeer?: boolean | string;
  readonly ca_path?: string;
  /** Options of the chosen authenticator that have no field of their own: a JSON object, also as text. */
  readonly opts?: string | Readonly<Record<string, unknown>>;

  /** After a failed login: seconds until the next one. */
  readonly timeToNextRequest?: number | string;
  readonly tokenAuthRefresh?: 'tokenAuthRefreshDynamic' | 'tokenAuthRefreshStatic' | '';
  /** Seconds a token lives: always when static, where the answer doesn't say when dynamic. */
  readonly tokenRefreshTTL?: number | string;
  /** Where the answer says how long the token lives. */
  readonly tokenExpiresInSelector?: string;

  readonly prefix?: string;
  readonly suffix?: string;
  /** The key of AuthApiKey and AuthQuery, the token of AuthBearer and AuthJwt. */
  readonly apikey?: SecretOption;

  readonly oauth2ClientId?: string;
  readonly oauth2ClientSecret?: SecretOption;
  readonly oauth2TokenURL?: string;
  /** The request header that carries the access token. */
  readonly oauth2TokenLabel?: string;
  readonly oauth2TokenFormat?: string;
  readonly oauth2TokenKey?: string;
  readonly oauth2Type?: 'None' | 'ClientCredentials' | 'ResourceOwner' | '';
  readonly oauth2AuthType?: 'basic_auth' | 'post_body' | '';
  readonly oauth2ClientCredentialsScope?: string;
  readonly oauth2ResourceOwnerUsername?: string;
  readonly oauth2ResourceOwnerPassword?: SecretOption;
  readonly oauth2ResourceOwnerScope?: string;
  /** More parameters of the token request, as a JSON object of strings. */
  readonly oauth2ResourceOwnerAdditionalParams?: string;
}

/** What a field means when it is absent or empty. */
export const FIELD_DEFAULTS = {
  authType: 'AuthNone',
  authOverride: '',
  url: '',
  debug: false,
  authEndpoint: '',
  authHeader: 'Authorization',
  tokenKey: 'access_token',
  tokenFormat: 'Bearer {}',
  username: '',
  password: '',
  proxy: false,
  proxyHost: '',
  proxyPort: '',
  proxyUser: '',
  proxyPasswd: '',
  httpHeader1: '',
  httpHeader2: '',
  httpHeaders: '',
  sslverifypeer: true,
  ca_path: '',
  opts: '',
  timeToNextRequest: 60,
  tokenAuthRefresh: 'tokenAuthRefreshDynamic',
  tokenRefreshTTL: 3600,
  tokenExpiresInSelector: 'expires_in',
  prefix: '',
  suffix: '',
  apikey: '',
  oauth2ClientId: '',
  oauth2ClientSecret: '',
  oauth2TokenURL: '',
  oauth2TokenLabel: 'Authorization',
  oauth2TokenFormat: 'Bearer {}',
  oauth2TokenKey: 'access_token',
  oauth2Type: 'None',
  oauth2AuthType: 'basic_auth',
  oauth2ClientCredentialsScope: '',
  oauth2ResourceOwnerUsername: '',
  oauth2ResourceOwnerPassword: '',
  oauth2ResourceOwnerScope: '',
  oauth2ResourceOwnerAdditionalParams: '',
} as const satisfies Record<keyof CredentialFields, string | number | boolean>;
