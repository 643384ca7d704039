import { type GenericSchema, type InferOutput, optional } from 'valibot';
import type { CredentialFields } from './credential-fields.ts';
import {
  amount,
  anyObject,
  choice,
  flag,
  headerLine,
  headerName,
  headers,
  keyPathText,
  secretValue,
  text,
  texts,
  tokenFormat,
  url,
} from './values.ts';

/** The name of a credential field. */
export type FieldName = keyof CredentialFields;

/** What each credential field must be, what it means when it is absent or empty, and what is made of it. */
export const credentialSchema = {
  authType: optional(text, 'AuthNone'),
  authOverride: optional(text, ''),
  url: optional(url),
  debug: optional(flag, false),

  authEndpoint: optional(text, ''),
  authHeader: optional(headerName, 'Authorization'),
  tokenKey: optional(keyPathText, 'access_token'),
  tokenFormat: optional(tokenFormat, 'Bearer {}'),
  username: optional(text, ''),
  password: optional(secretValue),

  proxy: optional(flag, false),
  proxyHost: optional(text, ''),
  proxyPort: optional(amount),
  proxyUser: optional(text, ''),
  proxyPasswd: optional(secretValue),
  httpHeader1: optional(headerLine),
  httpHeader2: optional(headerLine),
  httpHeaders: optional(headers),
  sslverifypeer: optional(flag, true),
  ca_path: optional(text, ''),
  // What it may hold is the chosen authenticator's to say: see opts.ts.
  opts: optional(anyObject),

  timeToNextRequest: optional(amount, 60),
  tokenAuthRefresh: optional(choice('tokenAuthRefreshDynamic', 'tokenAuthRefreshStatic'), 'tokenAuthRefreshDynamic'),
  tokenRefreshTTL: optional(amount),
  tokenExpiresInSelector: optional(keyPathText, 'expires_in'),

  prefix: optional(text, ''),
  suffix: optional(text, ''),
  apikey: optional(secretValue),

  oauth2ClientId: optional(text, ''),
  oauth2ClientSecret: optional(secretValue),
  oauth2TokenURL: optional(text, ''),
  oauth2TokenLabel: optional(headerName, 'Authorization'),
  oauth2TokenFormat: optional(tokenFormat, 'Bearer {}'),
  oauth2TokenKey: optional(keyPathText, 'access_token'),
  oauth2Type: optional(choice('None', 'ClientCredentials', 'ResourceOwner'), 'None'),
  oauth2AuthType: optional(choice('basic_auth', 'post_body'), 'basic_auth'),
  oauth2ClientCredentialsScope: optional(text, ''),
  oauth2ResourceOwnerUsername: optional(text, ''),
  oauth2ResourceOwnerPassword: optional(secretValue),
  oauth2ResourceOwnerScope: optional(text, ''),
  oauth2ResourceOwnerAdditionalParams: optional(texts),
} as const satisfies { readonly [Name in FieldName]-?: GenericSchema<CredentialFields[Name], unknown> };

/** What is made of a field. */
export type FieldValue<Name extends FieldName> = InferOutput<(typeof credentialSchema)[Name]>;
