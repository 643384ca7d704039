/**
 * What stands above us. A cache or a merging layer there sees requests without their credential, and would take those of
 * two users for one.
 */

import type { Dispatcher } from 'undici';
import { ConfigurationError } from '../../errors.ts';

type Handler = Dispatcher.DispatchHandler;
type Headers = Parameters<NonNullable<Handler['onResponseStart']>>[2];

/** Handlers that are the end: undici's own API, and what callers write by hand (fetch does, too). */
const ENDS = /^(?:Request|Stream|Pipeline|Upgrade|Connect|Object)(?:Handler)?$/;
const MERGES = 'DeduplicationHandler';
const MAX_HANDLERS = 10;

/** The handler above us that does not show what it wraps; `undefined` where everything up to the caller is known. */
export function opaqueAbove(handler: Handler): string | undefined {
  let above = handler as unknown as { readonly handler?: unknown; readonly constructor?: { readonly name?: string } };
  for (let depth = 0; depth < MAX_HANDLERS; depth += 1) {
    const name = above.constructor?.name ?? 'Object';
    const { handler: next } = above;
    if (typeof next !== 'object' || next === null) return ENDS.test(name) ? undefined : name;
    above = next;
  }
  return '';
}

/**
 * `Vary: *` says what is true from above: the response depends on more than that request shows (RFC 9110 §12.5.5). No cache
 * keeps it.
 */
export function varyingOnMore(headers: Headers): Headers {
  const { vary } = headers;
  return { ...headers, vary: vary === undefined ? '*' : `${Array.isArray(vary) ? vary.join(', ') : vary}, *` };
}

/** @throws {@link ConfigurationError} before anything is sent. */
export function refuseMerging(above: string | undefined): void {
  if (above !== MERGES) return;
  throw new ConfigurationError(
    'interceptors.deduplicate() stands above undiciAuth, where it takes the requests of two users for one: compose it ' +
      'before undiciAuth, as in compose(interceptors.deduplicate(), undiciAuth(auth, options)).',
  );
}
