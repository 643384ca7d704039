import { describe, expectTypeOf, it } from 'vitest';
import { buildAuthenticator } from '../../src/builders/build-authenticator.ts';
import type { Config } from '../../src/config/config.ts';
import type { ConfigDescription } from '../../src/config/description.ts';
import { loadConfig } from '../../src/config/load.ts';
import type { FieldState } from '../../src/config/shown.ts';
import type { SignInFields } from '../../src/fields/sign-in-fields.ts';

describe('loadConfig', () => {
  it('takes options that are all optional', () => {
    expectTypeOf(loadConfig).toBeCallableWith();
    expectTypeOf(loadConfig).toBeCallableWith({ env: process.env, directory: '/', files: [], profile: 'prod' });
    expectTypeOf(loadConfig).toBeCallableWith({ fields: { password: () => 'x' }, onWarning: () => {} });
    // @ts-expect-error there is no such field
    loadConfig({ fields: { pasword: 'x' } });
    // @ts-expect-error files are a list
    loadConfig({ files: 'config.toml' });
  });

  it('gives profiles that buildAuthenticator takes', () => {
    expectTypeOf<ReturnType<Config['profile']>>().toEqualTypeOf<SignInFields>();
    expectTypeOf(buildAuthenticator).toBeCallableWith({} as ReturnType<Config['profile']>);
    expectTypeOf<ReturnType<Config['describe']>>().toEqualTypeOf<ConfigDescription>();
    expectTypeOf<FieldState['value']>().toEqualTypeOf<string | number | boolean>();
  });
});
