/** got by hand: its hook in five lines; with care, a handler, a request function and an afterResponse hook. */

import http from 'node:http';
import https from 'node:https';
import type { ExtendOptions, RequestFunction } from 'got';
import type { HeldToken, TokenKeeper } from './token-keeper.ts';

/** Sets the header. */
export function fiveLineGot(token: () => string): ExtendOptions {
  const sign = (options: { headers: Record<string, unknown> }) => {
    options.headers.authorization = `Bearer ${token()}`;
  };
  return { hooks: { beforeRequest: [sign] } };
}

/** What one call to got has to remember: kept on its request function, the only thing that a retry leaves alone. */
interface Call {
  used: HeldToken | undefined;
  retried: boolean;
}

const CALL = Symbol('call');

type SigningFunction = RequestFunction & { [CALL]?: Call };

/** Signs the headers that go to the wire, once per hop and only at home; renews and resends once. */
export function carefulGot(keeper: TokenKeeper): ExtendOptions {
  return {
    handlers: [
      (options, next) => {
        options.request = signing(options.request, (options.url as URL | undefined)?.origin, keeper);
        return next(options);
      },
    ],
    hooks: {
      afterResponse: [
        async (response, retry) => {
          const { options } = response.request;
          const call = (options.request as SigningFunction | undefined)?.[CALL];
          const refused = response.statusCode === 401 && call?.used !== undefined && !call.retried;
          if (!refused || isOneShot(options.body)) return response;
          call.retried = true;
          await keeper.renew(call.used);
          return retry({ preserveHooks: true });
        },
      ],
    },
  };
}

function signing(inner: RequestFunction | undefined, home: string | undefined, keeper: TokenKeeper): SigningFunction {
  const call: Call = { used: undefined, retried: false };
  const request: SigningFunction = (url, options, callback) => {
    const send = inner ?? ((url.protocol === 'https:' ? https.request : http.request) as unknown as RequestFunction);
    if (home !== undefined && url.origin !== home) return send(url, options, callback);
    const sign = (token: HeldToken) => {
      call.used = token;
      (options.headers as Record<string, string>).authorization = `Bearer ${token.value}`;
      return send(url, options, callback);
    };
    const { current } = keeper;
    return current === undefined ? keeper.renew().then(sign) : sign(current);
  };
  request[CALL] = call;
  return request;
}

function isOneShot(body: unknown): boolean {
  return (
    typeof body === 'object' &&
    body !== null &&
    (Symbol.asyncIterator in body || Symbol.iterator in body) &&
    !ArrayBuffer.isView(body)
  );
}
