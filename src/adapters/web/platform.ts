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
export function followsAsTold(fetch: object, response?: Response): void {
  if (response?.type === 'opaqueredirect') {
    throw new ConfigurationError(
      "this platform hides where a redirect leads: call with redirect: 'error' or 'manual', or send the credential in " +
        "'Authorization', which it keeps from other origins.",
    );
  }
  if (response?.redirected) disobedient.add(fetch);
  if (disobedient.has(fetch)) {
    throw new ConfigurationError(
      "option 'fetch': this function follows redirects although told redirect: 'manual', and may take the credential " +
        'along. Give one that honours it, or leave the option out.',
      { option: 'fetch' },
    );
  }
}
