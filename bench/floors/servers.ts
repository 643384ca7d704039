/** What servers write by hand that call others for their users: in five lines, and with care. */

import { carefulFetch, type Fetch } from './fetch.ts';
import type { HeldToken } from './token-keeper.ts';
import { TokenKeeper } from './token-keeper.ts';

/** The request that is being served, as far as it matters. */
export interface Served {
  readonly headers: { readonly authorization: string };
}

/** Sends the caller's header on. */
export function fiveLineForward(inner: Fetch, served: () => Served): Fetch {
  return (input, init) => {
    const headers = new Headers(init?.headers);
    headers.set('Authorization', served().headers.authorization);
    return inner(input, { ...init, headers });
  };
}

/** Sends on what is a Bearer token, and a JWT only until it expires. */
export function carefulForward(inner: Fetch, served: () => Served): Fetch {
  return (input, init) => {
    const [, token] = /^bearer ([\w.~+/-]+=*)$/i.exec(served().headers.authorization) ?? [];
    if (token === undefined) throw new Error('the caller has sent no token');
    const [, payload] = token.split('.');
    const { exp } = payload ? (JSON.parse(Buffer.from(payload, 'base64url').toString()) as { exp?: number }) : {};
    if (exp !== undefined && exp * 1000 <= Date.now()) throw new Error("the caller's token has expired");
    const headers = new Headers(init?.headers);
    headers.set('Authorization', `Bearer ${token}`);
    return inner(input, { ...init, headers });
  };
}

/** Keeps a token for each of the last thousand users, and renews each by itself. */
export function carefulPerUser(
  inner: Fetch,
  user: () => string,
  exchange: (subject: string) => Promise<HeldToken>,
): Fetch {
  const most = 1000;
  const fetches = new Map<string, Fetch>();
  return (input, init) => {
    const subject = user();
    const expired = { value: '', expiresAt: 0 };
    const own = fetches.get(subject) ?? carefulFetch(inner, new TokenKeeper(expired, () => exchange(subject)));
    fetches.delete(subject);
    fetches.set(subject, own);
    if (fetches.size > most) fetches.delete(fetches.keys().next().value as string);
    return own(input, init);
  };
}
