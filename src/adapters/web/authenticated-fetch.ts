import { readCallOptions } from '../../lifecycle/call-options.ts';
import { run } from '../../lifecycle/loop.ts';
import type { Wiring } from '../../lifecycle/wiring.ts';
import type { RequestInfo } from '../../web-types.ts';
import type { FetchCall } from './call.ts';
import {
  type AuthRequestInit,
  absolute,
  type CallContext,
  classOf,
  type FetchLike,
  isPlain,
  type WireInit,
} from './parts.ts';
import { isPlatform } from './platform.ts';
import { isRequest } from './shape.ts';

/**
 * A fetch that authenticates. Its `init` also takes a `bodyFactory` and the options of a single call. Members of `init` may
 * be `undefined`, as clients on top of fetch pass them on.
 */
export type AuthFetch = (
  input: RequestInfo | URL,
  init?: { [Name in keyof AuthRequestInit]?: AuthRequestInit[Name] | undefined },
) => Promise<Response>;

export interface FetchContext extends CallContext {
  /** What a call can do: be sent, and perhaps follow redirects by hand. */
  readonly Call: typeof FetchCall;
}

/** A fetch that authenticates: what `fetchAuth` returns, and what clients that stand on fetch send with. */
export function authenticatedFetch(wiring: Wiring, fetch: FetchLike, context: FetchContext): AuthFetch {
  const authenticated = (input: RequestInfo | URL, init?: AuthRequestInit): Promise<Response> => {
    try {
      const call = readCall(input, init, wiring, fetch, context);
      if (call === undefined) return fetch(input, init);
      return call.finish(run(call.exchange, call));
    } catch (error) {
      // It reads them by the same rules, and says in its own words what is wrong. Nobody knows what others would send.
      return isPlatform(fetch) ? fetch(input, init) : Promise.reject(error);
    }
  };
  // To fetch, a member that is `undefined` is absent.
  return authenticated as AuthFetch;
}

/**
 * Reads the arguments of fetch. `undefined`: the scheme is not http, and there is nothing to sign.
 *
 * @throws What is wrong with them: TypeErrors in the platform's own words, where it has some.
 */
function readCall(
  input: RequestInfo | URL,
  init: AuthRequestInit | undefined,
  wiring: Wiring,
  fetch: FetchLike,
  context: FetchContext,
): FetchCall | undefined {
  const { Call, base } = context;
  const options = init && readCallOptions(init);
  const url = absolute(input, base);
  if (url === undefined) return undefined;
  const given = isRequest(input) ? input : undefined;
  if (isPlain(init)) return new Call(url, given, { ...init } as WireInit, options, wiring, fetch, context);
  // `Request` reads what cannot be copied as fetch does.
  const request = new (classOf(input))(given ?? url, init);
  return new Call(request.url, request, {}, options, wiring, fetch, context);
}
