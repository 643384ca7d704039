/** fetch, where the platform hides redirects: without what follows them by hand. */

import type { Authenticator } from '../lifecycle/contract.ts';
import type { AuthFetch } from './web/authenticated-fetch.ts';
import { FetchCall } from './web/call.ts';
import { type FetchAuthOptions, wrapFetch } from './web/fetch-auth.ts';

export function fetchAuth(authenticator: Authenticator, options?: FetchAuthOptions): AuthFetch {
  return wrapFetch(authenticator, options, FetchCall);
}
