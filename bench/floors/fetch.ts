/**
 * What one writes by hand around fetch: in five lines, and with care. ky sends through the same wrapper. A typical
 * storm guard stands here too: it shares a promise, and knows nothing of late refusals.
 */

import type { TokenKeeper } from './token-keeper.ts';

export type Fetch = (input: RequestInfo | URL, init?: RequestInit) => Promise<Response>;

/** Sets the header. */
export function fiveLineFetch(inner: Fetch, token: () => string): Fetch {
  return (input, init) => {
    const headers = new Headers(init?.headers ?? (input instanceof Request ? input.headers : undefined));
    headers.set('Authorization', `Bearer ${token()}`);
    return inner(input, { ...init, headers });
  };
}

/** Remembers the token that a request used, knows the expiry, frees the 401's body, never resends a stream. */
export function carefulFetch(inner: Fetch, keeper: TokenKeeper): Fetch {
  const send: Fetch = (input, init) => {
    if (input instanceof Request && init?.headers === undefined) {
      const request = new Request(input.body === null ? input : input.clone(), init);
      request.headers.set('Authorization', keeper.authorization);
      return inner(request);
    }
    const headers = new Headers(init?.headers);
    headers.set('Authorization', keeper.authorization);
    return inner(input, { ...init, headers });
  };
  return async (input, init) => {
    if (keeper.isExpired) await keeper.renew();
    const used = keeper.authorization;
    const response = await send(input, init);
    if (response.status !== 401 || init?.body instanceof ReadableStream) return response;
    response.body?.cancel().catch(() => {});
    await keeper.renew(used);
    return send(input, init);
  };
}

/** Shares one renewal among those who wait for it: whoever is refused after that starts the next. */
export function naiveFetch(inner: Fetch, first: string, requestToken: () => Promise<string>): Fetch {
  let token = first;
  let renewal: Promise<string> | undefined;
  const send: Fetch = (input, init) => {
    const headers = new Headers(init?.headers);
    headers.set('Authorization', `Bearer ${token}`);
    return inner(input, { ...init, headers });
  };
  return async (input, init) => {
    const response = await send(input, init);
    if (response.status !== 401) return response;
    renewal ??= requestToken().finally(() => {
      renewal = undefined;
    });
    token = await renewal;
    return send(input, init);
  };
}
