/**
 * The least that a fetch can be: what was asked for as bytes of HTTP/1.0, and the bytes that came back as a Response. No
 * client adds a header of its own, so that the same call is the same bytes in every version of Node, and can be recorded.
 */

import { once } from 'node:events';
import { connect } from 'node:net';
import type { FetchLike } from '../../src/adapters/fetch.ts';

/** A request and its answer, as they were on the wire; one character for each byte. */
export interface WireExchange {
  readonly request: string;
  readonly response: string;
}

/** Sends a whole request, and gives the whole response. */
export type Talk = (request: string) => Promise<string>;

/** The name that servers are called by: their ports change. */
export const WIRE_ORIGIN = 'http://digest.test';

export function wireFetch(talk: Talk): FetchLike {
  return async (input, init = {}) => {
    const { pathname, search, host } = new URL(String(input));
    const body = Buffer.from(typeof init.body === 'string' ? init.body : '');
    const headers = new Headers(init.headers);
    if (init.body !== undefined) headers.set('content-length', String(body.length));
    const head = [`${init.method ?? 'GET'} ${pathname}${search} HTTP/1.0`, `host: ${host}`];
    const fields = Array.from(headers, ([name, value]) => `${name}: ${value}`);
    return toResponse(await talk(`${[...head, ...fields].join('\r\n')}\r\n\r\n${body.toString('latin1')}`));
  };
}

export function toResponse(text: string): Response {
  const end = text.indexOf('\r\n\r\n');
  const [line = '', ...fields] = text.slice(0, end).split('\r\n');
  const headers = new Headers();
  for (const field of fields) {
    const at = field.indexOf(':');
    headers.append(field.slice(0, at), field.slice(at + 1).trim());
  }
  return new Response(Buffer.from(text.slice(end + 4), 'latin1'), { status: Number(line.split(' ')[1]), headers });
}

/** Talks to a server on the loopback: one connection for each request. */
export function talkTo(origin: string): Talk {
  return async (request) => {
    const socket = connect(Number(new URL(origin).port), '127.0.0.1');
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.write(request, 'latin1');
    await once(socket, 'close');
    return Buffer.concat(chunks).toString('latin1');
  };
}

/** Talks to nobody: gives the recorded answers to the recorded requests, and to nothing else. */
export function replay(recorded: readonly WireExchange[]): Talk {
  const left = [...recorded];
  return async (request) => {
    const next = left.shift();
    if (next === undefined) throw new Error(`nothing more was recorded, and this was sent:\n${request}`);
    if (request !== next.request)
      throw new Error(`this was recorded:\n${next.request}\nand this was sent:\n${request}`);
    return next.response;
  };
}
