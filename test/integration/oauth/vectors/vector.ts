/**
 * A vector: what a token endpoint puts on the wire, byte for byte, and what becomes of it.
 */

import type { Socket } from 'node:net';
import type { TokenEndpointErrorOptions } from '../../../../src/errors.ts';
import type { TokenResponseOptions } from '../../../../src/oauth/token-response.ts';
import type { Token } from '../../../../src/tokens/token.ts';

/** When every answer is received. */
export const NOW = Date.UTC(2026, 10, 22, 12, 0, 0);
/** The longest lifetime that is believed. */
export const TEN_YEARS_MS = 10 * 365 * 86_400_000;
/** The client's secret, as the server gets it in each request. */
export const CLIENT_SECRET = 's3cr:et /+%&=';

export const JSON_TYPE = 'content-type: application/json';
export const FORM_TYPE = 'content-type: application/x-www-form-urlencoded';
export const TEXT_TYPE = 'content-type: text/plain';
export const HTML_TYPE = 'content-type: text/html; charset=utf-8';

/** Writes an answer to a raw connection; it may look at the request. */
export type Talk = (socket: Socket, request: string) => void;

/** A vector that gives a token says what the token holds beside `t` and `Bearer`; one that fails says how. */
export type Vector = { readonly name: string; readonly talk: Talk; readonly options?: TokenResponseOptions } & (
  | { readonly token: Partial<Token>; readonly fails?: never }
  | { readonly fails: Failure; readonly token?: never }
);

/** Properties of the error; `undefined` is one that must not be there. */
export type Failure = {
  readonly [Name in keyof TokenEndpointErrorOptions]?: TokenEndpointErrorOptions[Name] | undefined;
} & {
  readonly message?: RegExp;
};

/** The bytes of an answer whose length is right. */
export function bytes(status: string, headers: readonly string[], body: string | Buffer = ''): Buffer {
  const content = Buffer.from(body);
  const head = [`HTTP/1.1 ${status}`, ...headers, `content-length: ${content.byteLength}`, 'connection: close', '', ''];
  return Buffer.concat([Buffer.from(head.join('\r\n')), content]);
}

/** Answers with this status, header lines and body. */
export function answer(status: string, headers: readonly string[], body?: string | Buffer): Talk {
  return (socket) => socket.end(bytes(status, headers, body));
}

/** Answers with exactly these bytes, one write after the other, and hangs up. */
export function raw(...chunks: readonly (string | Buffer)[]): Talk {
  return (socket) => {
    for (const chunk of chunks) socket.write(chunk);
    socket.end();
  };
}

/** 200 with this body, which is text as it is, or a value to be written as JSON. */
export function ok(body: unknown, ...headers: readonly string[]): Talk {
  const isText = typeof body === 'string' || Buffer.isBuffer(body);
  return answer('200 OK', headers.length > 0 ? headers : [JSON_TYPE], isText ? body : JSON.stringify(body));
}

/** 200 with an access token and these fields, whose JSON may be any text: `{ expires_in: '1e400' }`. */
export function okWith(fields: Readonly<Record<string, string>>): Talk {
  const more = Object.entries(fields).map(([name, json]) => `,${JSON.stringify(name)}:${json}`);
  return ok(`{"access_token":"t"${more.join('')}}`);
}

/** 200, and a body that goes on until the client hangs up. */
export const endless: Talk = (socket) => {
  const more = () => {
    while (!socket.destroyed && socket.write(' '.repeat(64 * 1024)));
  };
  socket.on('drain', more).write('HTTP/1.1 200 OK\r\n\r\n');
  more();
};
