/** What is known of the function that sends. */

import { ConfigurationError } from '../../errors.ts';

/** Node, Deno and Bun answer `redirect: 'manual'` with the redirect itself, as do Cloudflare's workers. Browsers hide it. */
export const seesRedirects: boolean =
  typeof (globalThis as { process?: { versions?: { node?: unknown } } }).process?.versions?.node === 'string' ||
  /^(?:Deno|Cloudflare)/.test((globalThis.navigator as Navigator | undefined)?.userAgent ?? '');

/** The global fetch, looked up at each call. */
export function globalFetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  return globalThis.fetch(input, init);
}

/** Is it the platform's own, which follows the standard? */
export function isPlatform(fetch: object): boolean {
  return fetch === globalFetch || fetch === globalThis.fetch;
}

/** fetches that have followed a redirect although they were told not to. */
const disobedient = new WeakSet<object>();

/**
 * Checks a fetch that was told `redirect: 'manual'`, before it sends and by what it answers.
 *
 * @throws {@link ConfigurationError} where the platform or the fetch takes the redirects out of our hands.
 */
export function assertObedient(fetch: object, response?: Response): void {
  if (response?.redirected) disobedient.add(fetch);
  if (response?.type === 'opaqueredirect' || disobedient.has(fetch)) throw unfollowable();
}

/** The error of a redirect that might take the credential along. */
export function unfollowable(): ConfigurationError {
  return new ConfigurationError(
    "a redirect might take the credential along: this platform, or option 'fetch', hides redirects, or follows them " +
      "although told redirect: 'manual'. Call with redirect: 'error', or send the credential in 'Authorization'.",
    { option: 'fetch' },
  );
}
