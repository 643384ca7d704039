import ky, { type KyInstance, type Options } from 'ky';
import kyOne, { type KyInstance as KyOneInstance, type Options as KyOneOptions } from 'ky1';
import { expectTypeOf, it } from 'vitest';
import { type KyAuthCallOptions, kyAuth } from '../../src/adapters/ky.ts';
import type { Authenticator } from '../../src/lifecycle/contract.ts';

declare const auth: Authenticator<string>;

it('is an argument of extend in both majors', () => {
  expectTypeOf(ky.extend(kyAuth(auth))).toEqualTypeOf<KyInstance>();
  expectTypeOf(kyOne.extend(kyAuth(auth))).toEqualTypeOf<KyOneInstance>();
});

it('has options for a call that sends a stream', () => {
  expectTypeOf<KyAuthCallOptions>().toExtend<Options>();
  expectTypeOf<KyAuthCallOptions>().toExtend<KyOneOptions>();
});

it('leaves fetch to the instance that is extended', () => {
  // @ts-expect-error: ky has an option for it
  kyAuth(auth, { fetch });
});
