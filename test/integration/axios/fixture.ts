import axios, { type AxiosInstance, type AxiosRequestConfig } from 'axios';
import { onTestFinished } from 'vitest';
import { type AxiosAuthOptions, axiosAuth } from '../../../src/adapters/axios.ts';
import { Authenticator, type AuthRequest } from '../../../src/lifecycle/contract.ts';
import { type ProtectedApi, startProtectedApi } from '../../helpers/protected-api.ts';
import { type Placement, TestAuth } from '../../helpers/test-auth.ts';
import { MARK, TokenIssuer } from '../../helpers/token-issuer.ts';

/** The adapters that axios has in Node. */
export const adapters = ['http', 'fetch'] as const;

export async function testApi(): Promise<ProtectedApi> {
  const api = await startProtectedApi();
  onTestFinished(() => api.close());
  return api;
}

export interface AxiosSetup {
  readonly api: ProtectedApi;
  readonly issuer: TokenIssuer;
  readonly auth: TestAuth;
  readonly client: AxiosInstance;
}

export interface AxiosSetupOptions extends AxiosAuthOptions {
  readonly placement?: Placement;
}

/** A server that wants a token, and an axios instance with our interceptor. */
export async function setUp(config: AxiosRequestConfig, options: AxiosSetupOptions = {}): Promise<AxiosSetup> {
  const { placement, ...rest } = options;
  const api = await testApi();
  const issuer = new TokenIssuer(api);
  const auth = new TestAuth(issuer, placement);
  const client = axios.create(config);
  client.interceptors.request.use(axiosAuth(auth, { origins: [api.origin], ...rest }));
  return { api, issuer, auth, client };
}

/** The same, with a token that was good a moment ago. */
export async function setUpExpired(config: AxiosRequestConfig, options?: AxiosSetupOptions): Promise<AxiosSetup> {
  const setup = await setUp(config, options);
  await setup.client.get(setup.api.url('/warm-up'), { responseType: 'text' });
  setup.issuer.expire();
  setup.api.forget();
  return setup;
}

/** What a promise rejects with. */
export async function failure<T = unknown>(promise: Promise<unknown>): Promise<T> {
  const settled = await promise.then(
    () => ({ resolved: true, reason: undefined }),
    (reason: unknown) => ({ resolved: false, reason }),
  );
  if (settled.resolved) throw new Error('expected a rejection');
  return settled.reason as T;
}

/** Signs method and URL, as DPoP does; with a promise where told. */
export class AuthSignature extends Authenticator<string> {
  readonly #slow: boolean;
  readonly refusals: number[] = [];

  constructor(slow = false) {
    super();
    this.#slow = slow;
  }

  authenticate() {
    return MARK;
  }

  modifyRequest(request: AuthRequest, key: string): void | Promise<void> {
    const sign = () => request.headers.set('x-signature', `${key} ${request.method} ${request.url.pathname}`);
    return this.#slow ? Promise.resolve().then(sign) : sign();
  }

  override checkResult({ status }: { status: number }): boolean {
    if (status === 401) this.refusals.push(status);
    return status !== 401;
  }
}

/** Adds a cookie to those that the caller sends. */
export class AuthCookie extends Authenticator<string> {
  authenticate() {
    return `session=${MARK}`;
  }
  modifyRequest({ headers }: AuthRequest, cookie: string) {
    headers.set('cookie', [headers.get('cookie'), cookie].filter(Boolean).join('; '));
  }
}

/** An axios instance with the one authenticator. */
export function clientOf(api: ProtectedApi, auth: Authenticator, config: AxiosRequestConfig) {
  const client = axios.create(config);
  client.interceptors.request.use(axiosAuth(auth, { origins: auth.origins ?? [api.origin] }));
  return client;
}
