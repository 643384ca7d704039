/**
 * Redirects that axios's http adapter follows by itself. Its `beforeRedirect` hook is the one place to take our headers
 * off before they reach another origin, and to sign the next hop at home. The hook cannot wait: where a signature takes
 * a promise, the hop goes unsigned.
 */

import type { Exchange } from '../../lifecycle/exchange.ts';
import { type HeaderPolicy, ObjectHeaders } from '../../lifecycle/headers.ts';
import { originOf } from '../../lifecycle/origins.ts';
import type { AxiosAttempt } from './attempt.ts';
import { SignedHop } from './signed-hop.ts';
import type { BeforeRedirect, HopOptions, HopOrigin } from './types.ts';

/** The hook for one attempt. The caller's own hook sees the options before they are signed. */
export function redirectHook(
  attempt: AxiosAttempt,
  exchange: Exchange,
  policy: HeaderPolicy,
  callers: BeforeRedirect | undefined,
): BeforeRedirect {
  let atHome = true;
  let added: readonly string[] = attempt.headers.added;
  return (options, response, from) => {
    const shown = from && callers && plainOrigin(from, attempt, added);
    atHome &&= originOf(options.href) === attempt.origin;
    attempt.finalUrl = options.href;
    attempt.takeOff(added, new ObjectHeaders(options.headers, 'overwrite'), atHome);
    callers?.(options, response, shown);
    attempt.hop = { url: options.href, method: options.method, headers: { ...options.headers } };
    added = signHop(options, attempt, exchange, policy);
  };
}

/**
 * Signs a copy of the headers, because an authenticator that needs a promise would write into what is sent already.
 * Gives the names of the headers that were added.
 */
function signHop(options: HopOptions, attempt: AxiosAttempt, exchange: Exchange, policy: HeaderPolicy) {
  const headers = new ObjectHeaders({ ...options.headers }, policy);
  const hop = new SignedHop(options.href, options.method, headers, attempt.replayable);
  const pending = exchange.prepareHop(hop);
  if (pending instanceof Promise) {
    attempt.strayed = true;
    pending.catch(() => undefined);
    return [];
  }
  options.headers = headers.fields as Record<string, string>;
  if (hop.signedUrl !== undefined) options.path = requestTarget(options.path, hop.signedUrl);
  return headers.added;
}

/** What goes into the request line: the path, and the whole URL where a proxy is asked. */
function requestTarget(path: string, signedUrl: string): string {
  const { pathname, search, href } = new URL(signedUrl);
  return path.startsWith('/') ? pathname + search : href;
}

/** The request that was redirected, as the caller knows it: without our headers, and without a key in its query. */
function plainOrigin(from: HopOrigin, attempt: AxiosAttempt, added: readonly string[]): HopOrigin {
  const headers = { ...from.headers };
  attempt.takeOff(added, new ObjectHeaders(headers, 'overwrite'), true);
  // Only the first URL was signed as a whole: behind a redirect, the key is in the request line alone.
  const isSigned = attempt.finalUrl === undefined && attempt.signedUrl !== undefined;
  return { ...from, headers, url: isSigned ? attempt.plainHref : from.url };
}
