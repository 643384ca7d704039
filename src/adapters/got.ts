/**
 * got, majors 14 to 16. A handler meets each call, and sets its `request` option: that is below got's retries, redirects,
 * cache and hooks, where the headers are final and nothing that we add can reach an error.
 */

import type { Authenticator } from '../lifecycle/contract.ts';
import { type AdapterOptions, adapterShape, wire } from '../lifecycle/wiring.ts';
import { readOptions } from '../options.ts';
import { GotCall } from './got/call.ts';
import type { GotOptions } from './got/options.ts';
import { bindPages, type PagedOptions } from './got/pages.ts';
import { reportOnward } from './got/progress.ts';

export type { GotAuthContext, GotBody, GotBodyFactory } from './got/body.ts';

/** Options of {@link gotAuth}. */
export type GotAuthOptions = AdapterOptions;

/** Options for `got.extend`, of any major from 14 on. */
export interface GotAuth {
  /** Starts the authentication of each call. */
  handlers: (<Options extends GotOptions, Result>(options: Options, next: (options: Options) => Result) => Result)[];
  /** Authenticates redirects, retries and pages. */
  hooks: {
    init: ((given: PagedOptions, merged: PagedOptions) => void)[];
    beforeRedirect: ((options: GotOptions) => void)[];
    beforeRetry: ((error: { readonly options: GotOptions }) => void)[];
  };
}

/**
 * Puts authentication into got: options for `got.extend`.
 *
 * A 401 is answered by a renewal and one resend. To resend an upload that can be read only once, give
 * `context: { bodyFactory }` instead of `body`. A stream (`got.stream`) is resent where the caller makes it again, as got
 * asks of every program that retries streams: `stream.once('retry', (count, error, createRetryStream) => …)`. What was piped into
 * a stream is not resent.
 *
 * @example
 * const api = got.extend({ prefixUrl: 'https://api.example.com' }, gotAuth(new AuthApiKey({ header: 'x-api-key', key })));
 * @throws ConfigurationError when an option is wrong.
 */
export function gotAuth(authenticator: Authenticator, options?: GotAuthOptions): GotAuth {
  const wiring = wire('gotAuth', authenticator, readOptions('gotAuth', options, adapterShape));
  return {
    handlers: [
      (call, next) => {
        // Options that got could not read have no URL: got says what is wrong with them.
        if (call?.url === undefined) return next(call);
        GotCall.join(call, wiring);
        const result = next(call);
        reportOnward(call, result);
        return result;
      },
    ],
    hooks: { init: [bindPages], beforeRedirect: [onRedirect], beforeRetry: [onRetry] },
  };
}

function onRedirect(options: GotOptions): void {
  GotCall.of(options)?.redirected(options);
}

function onRetry({ options }: { readonly options: GotOptions }): void {
  GotCall.of(options)?.retried(options);
}
