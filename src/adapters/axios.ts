/**
 * axios, from 1.16.1 on: earlier ones could send https requests to a proxy in clear. A request interceptor puts a wrapper around the client's own adapter; signing, the 401, the renewal
 * and the resend all happen inside it, on a copy of the config: below axios's interceptors, transforms, `validateStatus`
 * and whatever retries on top, and out of sight of its errors.
 */

import type { AuthCallOptions } from '../lifecycle/call-options.ts';
import type { Authenticator } from '../lifecycle/contract.ts';
import { type AxiosAuth, type AxiosAuthOptions, installAuth } from './axios/install.ts';
import { nodeSide } from './axios/node-side.ts';

export type { AxiosAuth, AxiosAuthOptions } from './axios/install.ts';

/**
 * What the config of one call may have beside axios's own options. Importing this entry point adds it to axios's types.
 *
 * @example
 * await client.post('/upload', undefined, { bodyFactory: () => createReadStream(path), headers });
 * await client.post('/login', credentials, { skipAuth: true });
 */
export interface AxiosAuthRequestConfig extends AuthCallOptions {
  /**
   * Makes the body again for every wire attempt, so that a stream can be resent after a renewal. Wins over `data`, and
   * is sent as it is: no `transformRequest` sees it, so name its `content-type`.
   */
  readonly bodyFactory?: () => unknown;
}

declare module 'axios' {
  // biome-ignore lint/suspicious/noExplicitAny: an interface is extended by one with the same parameters.
  export interface AxiosRequestConfig<D = any> extends AxiosAuthRequestConfig {}
}

/**
 * Puts authentication into an axios instance. It asks for nothing else: interceptors of others, retries and a second
 * authenticator may be installed before or after it.
 *
 * The credential is bound to `origins`, else to the origin of `baseURL`. Under the policy `'overwrite'` it also wins over axios's own `auth` and over a user name in the URL.
 *
 * `response.request` and `error.request` stay readable, but are no longer enumerable, because they hold the signed
 * headers; so are the sockets of an agent in the config. Redirects are signed at home only. Where they cannot be
 * watched (the fetch adapter below axios 1.12, an adapter function of your own), a credential in a header of its own
 * makes axios show the redirect instead of following it; in browsers, xhr follows by itself and takes such a header along.
 *
 * @example
 * const api = axios.create({ baseURL: 'https://api.example.com' });
 * api.interceptors.request.use(axiosAuth(new AuthBasic({ username, password })));
 * @throws ConfigurationError when an option is wrong. Requests reject with an AuthError when there is no credential,
 * and as axios does in every other case.
 */
export function axiosAuth(authenticator: Authenticator, options?: AxiosAuthOptions): AxiosAuth {
  return installAuth(authenticator, options, nodeSide);
}
