/** got by hand: its hook in five lines; with care, two hooks. */

import type { ExtendOptions } from 'got';
import type { TokenKeeper } from './token-keeper.ts';

/** Sets the header. */
export function fiveLineGot(token: () => string): ExtendOptions {
  const sign = (options: { headers: Record<string, unknown> }) => {
    options.headers.authorization = `Bearer ${token()}`;
  };
  return { hooks: { beforeRequest: [sign] } };
}

/** Knows the expiry, renews once and resends. */
export function carefulGot(keeper: TokenKeeper): ExtendOptions {
  return {
    hooks: {
      beforeRequest: [
        async (options) => {
          if (keeper.isExpired) await keeper.renew();
          options.headers.authorization = keeper.authorization;
        },
      ],
      afterResponse: [
        async (response, retry) => {
          if (response.statusCode !== 401) return response;
          await keeper.renew(String(response.request.options.headers.authorization));
          return retry({ headers: { authorization: keeper.authorization } });
        },
      ],
    },
  };
}
