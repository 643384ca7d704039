import { createReadStream } from 'node:fs';
import got, { type ExtendOptions, type Got, type OptionsInit } from 'got';
import {
  type ExtendOptions as ExtendOptions14,
  type Got as Got14,
  got as got14,
  type OptionsInit as OptionsInit14,
} from 'got14';
import { expectTypeOf, it } from 'vitest';
import { type GotAuthContext, gotAuth } from '../../src/adapters/got.ts';
import type { Authenticator } from '../../src/lifecycle/contract.ts';

declare const auth: Authenticator<string>;

it('is an argument of extend in every major', () => {
  expectTypeOf(gotAuth(auth)).toExtend<ExtendOptions>();
  expectTypeOf(gotAuth(auth)).toExtend<ExtendOptions14>();
  expectTypeOf(got.extend(gotAuth(auth))).toExtend<Got>();
  expectTypeOf(got14.extend(gotAuth(auth))).toExtend<Got14>();
});

it("stands beside the caller's own options", () => {
  const extended = got.extend({ prefixUrl: 'https://api.example.com', headers: { 'x-team': 'a' } }, gotAuth(auth));
  expectTypeOf(extended('users').json<string[]>()).resolves.toEqualTypeOf<string[]>();
});

it('types the context in which a body factory stands', () => {
  const context: GotAuthContext = { bodyFactory: () => createReadStream('file') };
  expectTypeOf({ context }).toExtend<OptionsInit>();
  expectTypeOf({ context }).toExtend<OptionsInit14>();
  expectTypeOf({ context: { ...context, requestId: 'a' } }).toExtend<OptionsInit>();
  // @ts-expect-error: a body, not a function that makes one
  const wrong: GotAuthContext = { bodyFactory: createReadStream('file') };
  expectTypeOf(wrong).toEqualTypeOf<GotAuthContext>();
});

it('takes the options of every adapter', () => {
  gotAuth(auth, { origins: ['https://api.example.com'], headerPolicy: 'preserve', deadlineMs: 1000 });
  // @ts-expect-error: got has its own
  gotAuth(auth, { prefixUrl: 'https://api.example.com' });
});
