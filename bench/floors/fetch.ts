/**
 * What one writes by hand around fetch: in five lines, and with care. ky sends through the same wrapper. A typical
 * storm guard stands here too: it shares a promise, and knows nothing of late refusals.
 */

import type { HeldToken, TokenKeeper } from './token-keeper.ts';

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
  return async (input, init) => {
    const request = input instanceof Request ? input : undefined;
    const spare = request?.body && !init?.body ? request.clone() : input;
    const send = (to: RequestInfo | URL, token: HeldToken) => {
      const headers = new Headers(init?.headers ?? request?.headers);
      headers.set('Authorization', `Bearer ${token.value}`);
      return inner(to, { ...init, headers });
    };
    const used = keeper.current ?? (await keeper.renew());
    const response = await send(input, used);
    if (response.status !== 401 || isOneShot(init?.body)) return response;
    await free(response);
    return send(spare, await keeper.renew(used));
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

function isOneShot(body: unknown): boolean {
  return body instanceof ReadableStream || (typeof body === 'object' && body !== null && Symbol.asyncIterator in body);
}

/** A small body is read, so that its connection can be used again; a large one is cancelled. */
async function free(response: Response): Promise<void> {
  if (Number(response.headers.get('content-length') ?? Number.NaN) <= 65_536) await response.arrayBuffer();
  else response.body?.cancel().catch(() => {});
}
