/**
 * undici's redirect interceptor, composed next to the wire, follows where we cannot see it, with the headers that we
 * signed.
 */

import { ConfigurationError } from '../../errors.ts';

/** Where it has been, for one attempt of ours. Empty unless it stands below us and has followed. */
export function historyOf(context: object | null | undefined): readonly URL[] {
  const { history } = (context ?? {}) as { readonly history?: readonly URL[] };
  return Array.isArray(history) ? history : [];
}

/** What a caller is told before the hop is sent. */
export function redirectedBelow(header: string): ConfigurationError {
  return new ConfigurationError(
    `the redirect interceptor stands below undiciAuth, where it would take the header '${header}' along to any server: ` +
      'compose it after undiciAuth, as in compose(undiciAuth(auth, options), interceptors.redirect()).',
  );
}
