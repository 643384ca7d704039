/** Who reads which field, as it can be seen from outside: by what junk in a field does. */

import { knownAuthenticators } from '../../../src/builders/build-authenticator.ts';
import type { AuthenticatorClass } from '../../../src/builders/registry.ts';
import { ConfigurationError } from '../../../src/errors.ts';
import type { CredentialFields } from '../../../src/fields/credential-fields.ts';
import type { FieldName } from '../../../src/fields/credential-schema.ts';
import { AuthCommand } from '../../../src/node/command/auth-command.ts';

const classes = new Map<string, AuthenticatorClass>([...knownAuthenticators(), ['AuthCommand', AuthCommand]]);

const CLIENT = { oauth2ClientId: 'robot', oauth2ClientSecret: 's3cr3t', oauth2TokenURL: 'https://as.example/token' };

/** A credential for each column that works; a column is a class, or one way to use it. */
export const columns: Readonly<Record<string, CredentialFields & { readonly authType: string }>> = {
  None: { authType: 'AuthNone' },
  Basic: { authType: 'AuthBasic', username: 'ada' },
  Digest: { authType: 'AuthDigest', username: 'ada' },
  ApiKey: { authType: 'AuthApiKey', apikey: 'key' },
  Query: { authType: 'AuthQuery', apikey: 'key', authHeader: 'api_key' },
  Bearer: { authType: 'AuthBearer', apikey: 'token' },
  Jwt: { authType: 'AuthJwt', apikey: 'token' },
  Forward: { authType: 'AuthForward' },
  Token: { authType: 'AuthToken', username: 'ada', authEndpoint: 'https://h/login' },
  'OAuth2 client': { authType: 'AuthOAuth2', oauth2Type: 'ClientCredentials', ...CLIENT },
  'OAuth2 owner': {
    authType: 'AuthOAuth2',
    oauth2Type: 'ResourceOwner',
    ...CLIENT,
    oauth2ResourceOwnerUsername: 'ada',
    oauth2ResourceOwnerPassword: 's3cr3t',
  },
  OpenStack: {
    authType: 'AuthOpenStack',
    authEndpoint: 'https://keystone.example/v3',
    password: 's3cr3t',
    opts: { userId: 'b8f4' },
  },
  Command: { authType: 'AuthCommand', opts: '{"command":["tool"]}' },
};

/** The classes that have a column. */
export const covered = new Set(Object.values(columns).map(({ authType }) => authType));

/** What the documentation must say of a field in a column. */
export function cellOf(column: string, field: FieldName): string {
  if (field === 'authType' || field === 'authOverride') return '●';
  if (/^proxy./.test(field)) return '○';
  if (isRefused(column, field, '')) return '◆';
  // A big integer is wrong in every field.
  return isRefused(column, field, 5n) ? '●' : '';
}

function isRefused(column: string, field: FieldName, value: unknown): boolean {
  const { authType, ...good } = columns[column] as { readonly authType: string };
  const incoming = () => ({ headers: {} });
  try {
    classes.get(authType)?.build({ ...good, [field]: value } as CredentialFields, { incoming } as object);
    return false;
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    if (error.option === field) return true;
    // Something else is missing without it.
    if (value === '') return false;
    throw error;
  }
}
