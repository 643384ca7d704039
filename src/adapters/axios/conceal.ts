/**
 * Keeps what we signed out of what axios gives to the caller. Responses and errors get the caller's own config back, and
 * `request` stays readable but is printed as a summary.
 */

import type { AxiosAttempt } from './attempt.ts';
import { isObject } from './object.ts';
import type { AxiosCallConfig, AxiosReply } from './types.ts';

/** What axios's errors have beyond a message. */
export interface AxiosFailure {
  config?: AxiosCallConfig;
  readonly code?: string;
  readonly request?: unknown;
  readonly response?: AxiosReply;
  readonly cause?: unknown;
}

export function concealReply(reply: AxiosReply, attempt: AxiosAttempt): AxiosReply {
  const { config, side } = attempt;
  reply.config = config;
  if (reply.request !== undefined && reply.request !== null) {
    if (attempt.signedUrl !== undefined) side?.plainResponseUrl(reply.request, attempt);
    side?.concealRequest(reply.request);
    Object.defineProperty(reply, 'request', HIDDEN);
  }
  if (config.responseType === 'stream') strip(attempt);
  side?.concealStream(reply.data, attempt);
  return reply;
}

export function concealFailure(error: unknown, attempt: AxiosAttempt): void {
  let depth = 0;
  for (let next = error; isObject(next) && depth < MAX_CAUSES; next = (next as AxiosFailure).cause) {
    const failure = next as AxiosFailure;
    if (failure.config !== undefined) failure.config = attempt.config;
    if (failure.request !== undefined) {
      attempt.side?.concealRequest(failure.request);
      Object.defineProperty(failure, 'request', HIDDEN);
    }
    if (isObject(failure.response)) concealReply(failure.response, attempt);
    depth += 1;
  }
}

export const HIDDEN: PropertyDescriptor = { enumerable: false };
const MAX_CAUSES = 5;

/** The body is still on its way, and what goes wrong with it later comes as an error with the copy's config. */
function strip({ config, copy }: AxiosAttempt): void {
  const { env, fetchOptions, beforeRedirect } = config;
  if (copy === undefined) return;
  copy.headers.clear();
  Object.assign(copy, config, { env, fetchOptions, beforeRedirect });
}
