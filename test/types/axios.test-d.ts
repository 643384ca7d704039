import axios, { type InternalAxiosRequestConfig } from 'axios';
import { expectTypeOf, it } from 'vitest';
import { axiosAuth } from '../../src/adapters/axios.ts';
import type { Authenticator } from '../../src/lifecycle/contract.ts';

declare const auth: Authenticator<string>;

it('is a request interceptor of any instance', () => {
  expectTypeOf(axios.interceptors.request.use(axiosAuth(auth))).toBeNumber();
  axios.create({ baseURL: 'https://api.example.com' }).interceptors.request.use(axiosAuth(auth), null, {
    synchronous: true,
    runWhen: (config) => config.method === 'get',
  });
  expectTypeOf(axiosAuth(auth)({} as InternalAxiosRequestConfig)).toEqualTypeOf<InternalAxiosRequestConfig>();
});

it('has a config for a call that sends a stream', () => {
  expectTypeOf(axios.post('https://api.example.com', null, { bodyFactory: () => 'fresh' })).resolves.toBeObject();
  // @ts-expect-error: a function makes it
  axios.post('https://api.example.com', null, { bodyFactory: 'fresh' });
});

it("has its options in axios's own config", () => {
  const api = axios.create({ baseURL: 'https://api.example.com' });
  expectTypeOf(api.post('/upload', null, { bodyFactory: () => 'fresh', resend: false })).resolves.toBeObject();
  expectTypeOf(api.post('/login', null, { skipAuth: true })).resolves.toBeObject();
  // @ts-expect-error: a flag
  expectTypeOf(api.get('/', { skipAuth: 'yes' })).resolves.toBeObject();
});

it('refuses what is no authenticator', () => {
  // @ts-expect-error: an authenticator is needed
  axiosAuth({ username: 'ada' });
});
