/** ky by hand: its hook in five lines; with care, below ky. */

import type { Options } from 'ky';
import { carefulFetch, type Fetch } from './fetch.ts';
import type { TokenKeeper } from './token-keeper.ts';

/** Sets the header. */
export function fiveLineKy(token: () => string): Options {
  return { hooks: { beforeRequest: [({ request }) => request.headers.set('Authorization', `Bearer ${token()}`)] } };
}

/** With both majors: the wrapped fetch as an option. */
export function carefulKy(inner: Fetch, keeper: TokenKeeper): Options {
  return { fetch: carefulFetch(inner, keeper) };
}
