import { fetch as undiciFetch } from 'undici';
import { expectTypeOf, it } from 'vitest';
import { type AuthFetch, fetchAuth } from '../../src/adapters/fetch.ts';
import type { Authenticator } from '../../src/lifecycle/contract.ts';

declare const auth: Authenticator<string>;

it('returns a function that stands wherever fetch stands', () => {
  expectTypeOf(fetchAuth(auth)).toEqualTypeOf<AuthFetch>();
  expectTypeOf(fetchAuth(auth)).toExtend<typeof fetch>();
  expectTypeOf(fetchAuth).parameter(0).toEqualTypeOf<Authenticator>();
});

it('takes a body factory beside all that fetch takes', () => {
  const api = fetchAuth(auth, { origins: ['https://api.example.com'], headerPolicy: 'preserve' });
  expectTypeOf(
    api('https://api.example.com', { method: 'POST', bodyFactory: () => 'body' }),
  ).resolves.toExtend<Response>();
  // @ts-expect-error: a factory returns a body, not a number
  api('https://api.example.com', { bodyFactory: () => 7 });
});

it('knows its options', () => {
  // @ts-expect-error: there is no such policy
  fetchAuth(auth, { headerPolicy: 'ignore' });
  // @ts-expect-error: origins is a list
  fetchAuth(auth, { origins: 'https://api.example.com' });
  // @ts-expect-error: an authenticator is needed
  fetchAuth({});
});

it('sends with the fetch of any implementation', () => {
  fetchAuth(auth, { fetch: undiciFetch });
  fetchAuth(auth, { fetch: globalThis.fetch });
  fetchAuth(auth, { fetch: async () => new Response() });
  // @ts-expect-error: it must give a response
  fetchAuth(auth, { fetch: () => 42 });
});

it('takes a request, not a number', () => {
  // @ts-expect-error
  fetchAuth(auth)(42);
});
