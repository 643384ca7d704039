/**
 * The last hop of a redirect. A refused hop is sent again by itself: what was answered by a 303 has had its effect, and
 * must not happen twice.
 */

import type { AxiosAttempt, AxiosCallParts } from './attempt.ts';
import { bodyOf } from './body.ts';
import type { AxiosCallConfig, AxiosHeaderFields } from './types.ts';
import { placeOf } from './url.ts';

export interface Hop {
  readonly url: string;
  readonly method: string;
  /** Without those that an authenticator has added. */
  readonly headers: Readonly<Record<string, unknown>>;
}

/** Headers of the connection or of the hop before, which the next attempt makes again. */
const NOT_AGAIN = new Set(['host', 'content-length', 'connection', 'proxy-authorization', 'transfer-encoding']);

/** The call as it is to be sent again. */
export function partsOfHop(parts: AxiosCallParts, { url, method, headers }: Hop): AxiosCallParts {
  const { caller, body } = parts;
  const place = placeOf({ ...caller, url, baseURL: undefined });
  if (place === undefined) return parts;
  const fields = new (caller.headers.constructor as new () => AxiosHeaderFields)();
  for (const name of Object.keys(headers)) if (!NOT_AGAIN.has(name.toLowerCase())) fields[name] = headers[name];
  const sent = { ...parts.config, url, baseURL: undefined, params: undefined, method, headers: fields };
  if (method.toUpperCase() === (caller.method ?? 'get').toUpperCase()) return { ...parts, config: sent, place };
  const config = { ...sent, data: undefined, bodyFactory: undefined };
  return { ...parts, config, place, body: body.replayable ? bodyOf(config) : body };
}

/** Notes that fetch has followed redirects by itself, with a method that no redirect changes. */
export function noteFollowed(attempt: AxiosAttempt, url: string): void {
  attempt.finalUrl = url;
  const { headers } = attempt.config;
  attempt.hop = { url, method: attempt.method, headers: leaves(attempt, url) ? withoutCredentials(headers) : headers };
}

function leaves(attempt: AxiosAttempt, url: string): boolean {
  return new URL(url).origin !== attempt.origin;
}

function withoutCredentials(headers: AxiosCallConfig['headers']): Record<string, unknown> {
  const kept = Object.entries(headers).filter(([name]) => !/^(?:authorization|cookie)$/i.test(name));
  return Object.fromEntries(kept);
}
