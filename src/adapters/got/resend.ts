/**
 * The two ways in which we reach into got's error handling: a resend, which to got is a retry, and an error of ours.
 */

import { isAuthError } from '../../errors.ts';
import type { GotOptions, GotResponse } from './options.ts';

/** got's way to send once more: it throws, and got catches. */
export type Retry = (options: object) => Promise<never>;

/** Sends once more by got's own retry, without using up any of the caller's. */
export function resend(response: GotResponse, retry: Retry): Promise<never> {
  const { options } = response.request;
  const policy = options.retry;
  const { calculateDelay } = policy;
  // The caller's function says whether to retry after failures, and this is none.
  policy.calculateDelay = () => {
    policy.calculateDelay = calculateDelay;
    return 1;
  };
  response.request.retryCount -= 1;
  const { afterResponse } = options.hooks;
  const resent = retry({});
  // got has dropped them by now, and not every version has an option that keeps them.
  options.hooks.afterResponse = afterResponse;
  return resent;
}

/** Fails an attempt. An error of authwire reaches the caller as it is; got would wrap it. */
export function fail({ hooks }: GotOptions, error: unknown): Promise<never> {
  if (isAuthError(error)) hooks.beforeError.push((failure: Error) => (failure.cause === error ? error : failure));
  return Promise.reject(error);
}
