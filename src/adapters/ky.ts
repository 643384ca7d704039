/**
 * ky, majors 1 and 2. Both send with the `fetch` option, so that is what we wrap: below ky's own retries, timeouts and
 * hooks. ky 2 also tells us, in its `init` hook, the base URL and the body of each call, and a fetch in
 * the options of a call is wrapped instead of replacing ours.
 */

import type { AuthCallOptions } from '../lifecycle/call-options.ts';
import type { Authenticator } from '../lifecycle/contract.ts';
import type { AdapterOptions } from '../lifecycle/wiring.ts';
import type { BodyInit } from '../web-types.ts';
import { extendKy, type KyAuth } from './ky/extend.ts';
import type { BodyFactory } from './web/body.ts';
import { FollowingCall } from './web/following-call.ts';

export type { KyAuth } from './ky/extend.ts';

/** Options of {@link kyAuth}. */
export type KyAuthOptions = AdapterOptions;

/**
 * Options of a single call besides ky's own. ky's types do not know them: pass them in a constant.
 *
 * @example
 * const options: KyAuthCallOptions = { bodyFactory: () => Readable.toWeb(createReadStream(path)) };
 * await api.post(url, options);
 */
export interface KyAuthCallOptions extends AuthCallOptions {
  /** ky's own option. Default: none. */
  readonly body?: BodyInit;
  /**
   * Creates the body again for each attempt, so that a stream can be resent after a renewal. Wins over `body`. Default:
   * none.
   */
  readonly bodyFactory?: BodyFactory;
}

/**
 * Puts authentication into ky: an argument for `ky.extend`, which hands it the options of its parent.
 *
 * With ky 1, a `fetch` or `prefixUrl` of a single call is not seen: give it to an instance, and extend that one.
 *
 * @example
 * const api = ky.create({ baseUrl: 'https://api.example.com' }).extend(kyAuth(new AuthBasic({ username, password })));
 * @throws ConfigurationError when an option is wrong.
 */
export function kyAuth(authenticator: Authenticator, options?: KyAuthOptions): KyAuth {
  return extendKy(authenticator, options, FollowingCall);
}
