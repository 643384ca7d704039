/**
 * undici: an interceptor for `dispatcher.compose`. It signs below everything else that undici does, once per wire
 * attempt, and sends again inside one dispatch, so that callers, retries and redirects above see one response.
 */

import type { Dispatcher } from 'undici';
import { ConfigurationError } from '../errors.ts';
import type { AuthCallOptions } from '../lifecycle/call-options.ts';
import type { Authenticator } from '../lifecycle/contract.ts';
import { type AdapterOptions, adapterShape, type Wiring, wire } from '../lifecycle/wiring.ts';
import { readOptions } from '../options.ts';
import type { UndiciBody, UndiciBodyFactory } from './undici/body.ts';
import { UndiciCall } from './undici/call.ts';
import { type CallParts, readCall } from './undici/parts.ts';
import { hopsBefore, staysHome } from './undici/redirect.ts';

export type { UndiciBody, UndiciBodyFactory };

/** Options of {@link undiciAuth}. */
export interface UndiciAuthOptions extends AdapterOptions {
  /**
   * The origins that the credential may go to; wins over the authenticator's `origins`. One of the two is required:
   * below undici, the hop of a redirect looks like a new call. Default: the authenticator's.
   */
  readonly origins?: NonNullable<AdapterOptions['origins']>;
}

/**
 * The options of a call that can be sent twice although its body cannot.
 *
 * @example
 * const upload: WithBodyFactory<Dispatcher.RequestOptions> = {
 *   origin, path: '/files', method: 'POST', bodyFactory: () => createReadStream('report.csv'),
 * };
 * await agent.request(upload);
 */
export type WithBodyFactory<Options> = Options & {
  /** Makes the body again for every wire attempt. Wins over `body`; has no say over GET and HEAD. */
  readonly bodyFactory?: UndiciBodyFactory;
};

/**
 * The options of a call, and what they may say about its authentication.
 *
 * @example
 * const login: WithAuthOptions<Dispatcher.RequestOptions> = { origin, path: '/login', method: 'POST', body, skipAuth: true };
 * await agent.request(login);
 */
export type WithAuthOptions<Options> = WithBodyFactory<Options> & AuthCallOptions;

/**
 * Puts authentication into undici 7 and 8.
 *
 * Compose it first, next to the wire, and `redirect`, `retry`, `decompress` and the others after it: then every hop and
 * every attempt is signed for itself. `dns` goes before it, because it replaces the origin by an address, and so do `cache`
 * and `deduplicate`, because above it they cannot tell two users apart: a cache there keeps nothing (signed responses get
 * `Vary: *`), and `deduplicate` there is an error. With
 * `redirect` before it, a redirect fails where the credential stands in a header that undici would not take off.
 *
 * A refused request is resent once, unless its body can be read only once: streams and iterators are not resent, and the
 * 401 goes to the caller while the credential is renewed for the next call. undici's fetch turns every body into an
 * iterator, so that below it only requests without a body are resent: wrap it with `fetchAuth` instead, or use
 * `bodyFactory` with `request`.
 *
 * With `setGlobalDispatcher` it also signs for Node's own fetch, and for every other library in the process, the token
 * requests of this very authenticator included: leave a token endpoint that shares the API's origin out, as in
 * `origins: (url) => url.origin === api && url.pathname !== '/login'`. As the `dispatcher` of one call, Node's own fetch
 * takes a dispatcher of undici 8 before Node 26 only inside a `Dispatcher1Wrapper`.
 *
 * @example
 * const agent = new Agent().compose(undiciAuth(auth, { origins: ['https://api.example.com'] }), interceptors.redirect());
 * const { statusCode, body } = await agent.request({ origin: 'https://api.example.com', path: '/reports', method: 'GET' });
 * @throws {@link ConfigurationError} when an option is wrong or no origins are known. A request for which there is no
 * credential fails with an AuthError, where undici would report a failed connection.
 */
export function undiciAuth(
  authenticator: Authenticator,
  options?: UndiciAuthOptions,
): Dispatcher.DispatcherComposeInterceptor {
  const wiring = wire('undiciAuth', authenticator, readOptions<AdapterOptions>('undiciAuth', options, adapterShape));
  if (wiring.rule === undefined) throw noOrigins();
  return (dispatch) => (request, handler) => dispatchSigned(wiring, dispatch, request, handler);
}

function dispatchSigned(
  wiring: Wiring,
  dispatch: Dispatcher.Dispatch,
  options: Dispatcher.DispatchOptions,
  handler: Dispatcher.DispatchHandler,
): boolean {
  // A handler of undici 6, as the fetch inside older Nodes has it: undici says what is wrong with it.
  if (typeof handler?.onRequestStart !== 'function' || typeof handler.onResponseError !== 'function') {
    return dispatch(options, handler);
  }
  let parts: CallParts | undefined;
  try {
    parts = readCall(options);
  } catch (error) {
    handler.onResponseError(null as never, error as Error);
    return false;
  }
  if (parts === undefined) return dispatch(options, handler);
  const hops = hopsBefore(handler);
  if (hops.length > 0 && !isAtHome(parts, wiring, hops)) return dispatch(options, handler);
  return new UndiciCall(parts, wiring, dispatch, handler, hops).start();
}

function isAtHome({ origin, options }: CallParts, { rule }: Wiring, hops: readonly URL[]): boolean {
  return rule === undefined || staysHome(hops, { origin, url: new URL(options.path, origin) }, rule);
}

function noOrigins(): ConfigurationError {
  return new ConfigurationError(
    "undiciAuth needs option 'origins', such as ['https://api.example.com'], here or in the authenticator: below undici " +
      'the hop of a redirect looks like a fresh call.',
    { option: 'origins' },
  );
}
