/** ky, where the platform hides redirects: without what follows them by hand. */

import type { Authenticator } from '../lifecycle/contract.ts';
import { extendKy, type KyAuth } from './ky/extend.ts';
import type { KyAuthOptions } from './ky.ts';
import { FetchCall } from './web/call.ts';

export function kyAuth(authenticator: Authenticator, options?: KyAuthOptions): KyAuth {
  return extendKy(authenticator, options, FetchCall);
}
