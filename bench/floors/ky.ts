/** ky by hand: its hook in five lines; with care, below ky. */

import type { Options } from 'ky';
import { carefulFetch, type Fetch } from './fetch.ts';
import type { TokenKeeper } from './token-keeper.ts';

/** Sets the header. */
export function fiveLineKy(token: () => string): Options {
  return { hooks: { beforeRequest: [({ request }) => request.headers.set('Authorization', `Bearer ${token()}`)] } };
}

/** With both majors. A `fetch` that a single call brings along replaces it. */
export function carefulKy(inner: Fetch, keeper: TokenKeeper): Options {
  return { fetch: carefulFetch(inner, keeper) };
}

/** With ky 2 alone: wraps whatever fetch the call brings. */
export function carefulKyHook(keeper: TokenKeeper): Options {
  const install = (options: Options) => {
    options.fetch = carefulFetch(options.fetch as Fetch, keeper);
  };
  return { hooks: { init: [install] } };
}
