/**
 * The two ways in which we reach into got's error handling: a resend, which to got is a retry, and an error of ours.
 */

import { isAuthError } from '../../errors.ts';
import { DRAIN_LIMIT, DRAIN_MS } from '../web/body.ts';
import type { GotOptions, GotResponse, ResponseBody } from './options.ts';

/** got's way to send once more: it throws, and got catches. */
export type Retry = (options: object) => Promise<never>;

/** Sends once more by got's own retry, without using up any of the caller's. */
export function resend(response: GotResponse, retry: Retry): Promise<never> {
  const { options } = response.request;
  expectResend(options);
  const { afterResponse } = options.hooks;
  const resent = retry({});
  // got has dropped them by now, and not every version has an option that keeps them.
  options.hooks.afterResponse = afterResponse;
  return resent;
}

/** What got asks its `calculateDelay`. */
interface RetryQuestion {
  readonly computedValue: number;
  readonly error: Error & { readonly request: { retryCount: number } };
}

const expected = new WeakSet<object>();

/**
 * The next failure is either ours, to send once more, or the body of the refused response that broke off: then the request
 * is sent again. Any other failure, such as a time limit, is the caller's.
 */
function expectResend({ retry: policy }: GotOptions): void {
  if (expected.has(policy)) return;
  expected.add(policy);
  const { calculateDelay, enforceRetryRules } = policy;
  policy.enforceRetryRules = false;
  // The caller's function says whether to retry after failures, and a resend is none.
  policy.calculateDelay = (question: RetryQuestion) => {
    policy.calculateDelay = calculateDelay;
    policy.enforceRetryRules = enforceRetryRules;
    expected.delete(policy);
    const { error, computedValue } = question;
    if (error.name !== 'RetryError' && error.name !== 'ReadError') {
      return enforceRetryRules === true && computedValue === 0 ? 0 : (calculateDelay as Delay)(question);
    }
    error.request.retryCount -= 1;
    return 1;
  };
}

/** got learns from `aborted` that a body broke off. The HTTP/2 client of got 14 doesn't say so of what is destroyed here. */
function breakOff(body: ResponseBody): void {
  let isTold = false;
  body.once('aborted', () => {
    isTold = true;
  });
  body.destroy();
  if (!isTold) body.emit('aborted');
}

/**
 * A stream ends in an error, and got asks whether to retry only where the caller listens to `retry`: there he can make the
 * stream again.
 *
 * @param isRefused - Asked once, and only if the stream can be created again.
 */
export function offerResend({ retry: policy }: GotOptions, isRefused: () => boolean | Promise<boolean>): void {
  const { calculateDelay, enforceRetryRules } = policy;
  policy.enforceRetryRules = false;
  policy.calculateDelay = async (question: RetryQuestion) => {
    policy.calculateDelay = calculateDelay;
    policy.enforceRetryRules = enforceRetryRules;
    const { error, computedValue } = question;
    if (error.name === 'HTTPError' && (await isRefused())) {
      error.request.retryCount -= 1;
      return 1;
    }
    return enforceRetryRules === true && computedValue === 0 ? 0 : (calculateDelay as Delay)(question);
  };
}

type Delay = (question: RetryQuestion) => unknown;

/**
 * got reads a refused response to its end before it sends again. One that is large, slow or never ends is broken off, which
 * costs its connection.
 */
export function boundRefused(body: ResponseBody, options: GotOptions): void {
  if (body.complete) return;
  expectResend(options);
  let left = DRAIN_LIMIT;
  const drop = () => breakOff(body);
  const timer = setTimeout(drop, DRAIN_MS);
  body.once('close', () => clearTimeout(timer));
  if (Number(body.headers['content-length']) > DRAIN_LIMIT) drop();
  // got reads by now: to listen earlier would set the body flowing before got does.
  else {
    body.on('data', ({ length }) => {
      left -= length;
      if (left < 0) drop();
    });
  }
}

/** Fails an attempt. An error of authwire reaches the caller as it is; got would wrap it. */
export function fail({ hooks }: GotOptions, error: unknown): Promise<never> {
  if (isAuthError(error)) hooks.beforeError.push((failure: Error) => (failure.cause === error ? error : failure));
  return Promise.reject(error);
}

/** As got says it of a request that takes too long: it wraps this into an error of its own, and retries it like one. */
export function timedOut(ms: number): Error {
  const error = new Error(`Timeout awaiting 'request' for ${ms}ms`);
  return Object.assign(error, { name: 'TimeoutError', code: 'ETIMEDOUT', event: 'request' });
}
