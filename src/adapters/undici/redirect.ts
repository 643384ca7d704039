/**
 * undici's redirect interceptor dispatches every hop as if it were a call of its own. What a hop has in common with the one
 * before is the handler, which knows where the call has been.
 */

import type { Dispatcher } from 'undici';
import { ConfigurationError } from '../../errors.ts';
import type { OriginRule } from '../../lifecycle/origins.ts';

/** Where it has been, for one attempt of ours. Empty unless it stands below us and has followed. */
export function historyOf(context: object | null | undefined): readonly URL[] {
  const { history } = (context ?? {}) as { readonly history?: readonly URL[] };
  return Array.isArray(history) ? history : [];
}

/** Other interceptors may stand between; some of them show whom they call. */
const MAX_HANDLERS = 10;

let passingOn: readonly URL[] = [];

/** The URLs of the hops that have led to this dispatch, the first one first; empty where it is no hop. */
export function hopsBefore(handler: Dispatcher.DispatchHandler): readonly URL[] {
  let above: unknown = handler;
  for (let depth = 0; depth < MAX_HANDLERS && typeof above === 'object' && above !== null; depth += 1) {
    const history = historyOf(above);
    if (history.length > 0) return history;
    above = (above as { readonly handler?: unknown }).handler;
  }
  return passingOn;
}

/** Passes the end of a redirect on. The next hop is dispatched before this returns, whichever layers are in between. */
export function passOn(hops: readonly URL[], pass: () => void): void {
  const outer = passingOn;
  passingOn = hops;
  try {
    pass();
  } finally {
    passingOn = outer;
  }
}

/** May a hop be signed? Not once the way has led to where the credential may not go: that server chose the rest of it. */
export function staysHome(hops: readonly URL[], here: { origin: string; url: URL }, rule: OriginRule): boolean {
  let wasSecure = false;
  for (const url of hops) {
    if (!rule({ origin: url.origin, url }, wasSecure)) return false;
    wasSecure ||= url.protocol === 'https:';
  }
  return !wasSecure || rule(here, wasSecure);
}

/** What a caller is told before the hop is sent. */
export function redirectedBelow(header: string): ConfigurationError {
  return new ConfigurationError(
    `the redirect interceptor stands below undiciAuth, where it would take the header '${header}' along to any server: ` +
      'compose it after undiciAuth, as in compose(undiciAuth(auth, options), interceptors.redirect()).',
  );
}
