import { Agent, type Dispatcher, interceptors } from 'undici';
import { expectTypeOf, it } from 'vitest';
import { undiciAuth, type WithBodyFactory } from '../../src/adapters/undici.ts';
import type { Authenticator } from '../../src/lifecycle/contract.ts';

declare const auth: Authenticator<string>;

it('is an interceptor for compose', () => {
  const origins = ['https://api.example.com'];
  expectTypeOf(new Agent().compose(undiciAuth(auth, { origins }), interceptors.redirect())).toExtend<Dispatcher>();
});

it('has options for a call that sends a stream', () => {
  const upload: WithBodyFactory<Dispatcher.RequestOptions> = {
    origin: 'https://api.example.com',
    path: '/',
    method: 'POST',
    bodyFactory: () => 'fresh',
  };
  expectTypeOf(new Agent().request(upload)).resolves.toExtend<Dispatcher.ResponseData>();
});
