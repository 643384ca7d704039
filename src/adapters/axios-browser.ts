/** axios in browsers: without what its http adapter needs, and without what follows redirects by hand. */

import type { Authenticator } from '../lifecycle/contract.ts';
import { type AxiosAuth, type AxiosAuthOptions, installAuth } from './axios/install.ts';

export function axiosAuth(authenticator: Authenticator, options?: AxiosAuthOptions): AxiosAuth {
  return installAuth(authenticator, options);
}
