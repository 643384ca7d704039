import { buildAuthenticator, type CredentialFields } from 'authwire/fields';
import type { InferInput } from 'valibot';
import { expectTypeOf, it } from 'vitest';
import type { credentialSchema } from '../../src/fields/credential-schema.ts';

it('holds the type of the credential fields and their schema together', () => {
  type Schema = typeof credentialSchema;
  type Taken = { [Name in keyof Schema]: Exclude<InferInput<Schema[Name]>, undefined> };
  type Given = Required<CredentialFields>;
  expectTypeOf<keyof Taken>().toEqualTypeOf<keyof Given>();
  // Empty text is nothing before the schema sees it.
  expectTypeOf<{ [Name in keyof Taken]: Exclude<Taken[Name], ''> }>().toEqualTypeOf<{
    [Name in keyof Given]: Exclude<Given[Name], ''>;
  }>();
});

it('knows no field but the credential fields, unless it is told', () => {
  buildAuthenticator({ authType: 'AuthBasic', username: 'ada', timeToNextRequest: '60' });
  buildAuthenticator<{ tenant: string }>({ authType: 'AuthTenant', tenant: 'a' });
  // @ts-expect-error: a typing error
  buildAuthenticator({ authType: 'AuthBasic', usrname: 'ada' });
  // @ts-expect-error: a typing error in a choice
  buildAuthenticator({ authType: 'AuthOAuth2', oauth2Type: 'clientCredentials' });
});
