/** What one call may say about its authentication, beside its client's own options. */

import { flag, func, type Kind, pickOptions, type Shape } from '../options.ts';
import type { AuthResponse } from './messages.ts';

/**
 * Which responses refuse the credential: a list of statuses, such as `[401, 403]`, or a function. A response that asks
 * for another signature (a digest's new nonce, a DPoP nonce) is answered in any case.
 */
export type RefusedWhen = readonly number[] | ((response: AuthResponse) => boolean | Promise<boolean>);

/** Why a request is sent again. */
export interface Resend {
  /** The status of the response that the caller does not get to see. */
  readonly status: number;
  /** `'refused'`: the credential was renewed. `'again'`: the server wants another signature with the same one. */
  readonly reason: 'refused' | 'again';
}

/** Options of a single call. */
export interface AuthCallOptions {
  /** `true`: sends this call without a credential, and renews nothing for its response. Default: `false`. */
  readonly skipAuth?: boolean | undefined;
  /** `false`: a refused call is not sent again; the credential is renewed for the next one. Default: `true`. */
  readonly resend?: boolean | undefined;
  /** Which responses refuse the credential. Default: what the authenticator says, in most cases a 401. */
  readonly refusedWhen?: RefusedWhen | undefined;
  /** Called before the call is sent again. Errors that it throws are ignored. Default: none. */
  readonly onResend?: ((resend: Resend) => void) | undefined;
}

export const refusedWhenKind: Kind = {
  wanted: 'a list of statuses or a function',
  test: (value) =>
    typeof value === 'function' || (Array.isArray(value) && value.every((status) => Number.isInteger(status))),
};

const SHAPE: Shape<AuthCallOptions> = {
  skipAuth: flag,
  resend: flag,
  refusedWhen: refusedWhenKind,
  onResend: func,
};

/**
 * Reads what a client's options say about authentication; `undefined` where they say nothing.
 *
 * @throws {@link ConfigurationError} naming the option that is of the wrong kind.
 */
export function readCallOptions(given: object): AuthCallOptions | undefined {
  const { skipAuth, resend, refusedWhen, onResend } = given as AuthCallOptions;
  // Nearly every call: four look-ups, and nothing else.
  if (skipAuth === undefined && resend === undefined && refusedWhen === undefined && onResend === undefined) {
    return undefined;
  }
  return pickOptions<AuthCallOptions>('a call', given, SHAPE);
}

/** Does this response refuse the credential? */
export function isRefused(refusedWhen: RefusedWhen, response: AuthResponse): boolean | Promise<boolean> {
  return typeof refusedWhen === 'function' ? refusedWhen(response) : refusedWhen.includes(response.status);
}
