import type { ServerResponse } from 'node:http';
import { deferred } from '../deferred.ts';
import type { Hit } from './hit.ts';

/** One request on the server's side: what came in, how to answer, and whether its credential is accepted. */
interface ApiExchange {
  readonly hit: Hit;
  readonly response: ServerResponse;
  readonly accepted: boolean;
}

/** Decides the answer to one request. Responders compose: `guarded(sequence(fail(500), echo()))`. */
export type Responder = (exchange: ApiExchange) => void | Promise<void>;

interface RefusalOptions {
  /** How large the body of the 401 is, in bytes. Default 0. */
  readonly bodyBytes?: number;
  /** Send the body without a `content-length`. */
  readonly chunked?: boolean;
  /** `WWW-Authenticate`. Default `Bearer realm="test", error="invalid_token"`. */
  readonly challenge?: string;
}

/** 200 with JSON about what arrived: never a header, so that an echo cannot be what leaks a credential. */
export function echo(): Responder {
  return ({ hit, response }) => {
    const { method, path, bodySha256, bodyLength, contentType } = hit;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ method, path, bodySha256, bodyLength, contentType }));
  };
}

/** 401 with a challenge, whatever the request carried. */
export function refuse({ bodyBytes = 0, chunked = false, challenge }: RefusalOptions = {}): Responder {
  return ({ response }) => {
    response.statusCode = 401;
    response.setHeader('www-authenticate', challenge ?? 'Bearer realm="test", error="invalid_token"');
    response.setHeader('content-type', 'text/plain');
    if (!chunked) response.setHeader('content-length', bodyBytes);
    response.flushHeaders();
    response.end('r'.repeat(bodyBytes));
  };
}

/** `then` where the request's credential is accepted, else a refusal. */
export function guarded(then: Responder = echo(), otherwise: Responder = refuse()): Responder {
  return (exchange) => (exchange.accepted ? then(exchange) : otherwise(exchange));
}

/** The first responder answers the first request, and so on; the last one answers all further ones. */
export function sequence(...responders: [Responder, ...Responder[]]): Responder {
  let next = 0;
  return (exchange) => {
    const responder = responders[Math.min(next, responders.length - 1)] as Responder;
    next += 1;
    return responder(exchange);
  };
}

/** `first` answers `count` times, `then` after that: `times(3, fail(500), echo())`. */
export function times(count: number, first: Responder, then: Responder): Responder {
  let left = count;
  return (exchange) => {
    left -= 1;
    return left >= 0 ? first(exchange) : then(exchange);
  };
}

/** A bare status with a short text. */
export function fail(status: number, headers: Readonly<Record<string, string>> = {}): Responder {
  return ({ response }) => {
    response.writeHead(status, { 'content-type': 'text/plain', ...headers }).end(`status ${status}`);
  };
}

/** A redirect with any status to any place. */
export function redirect(status: number, location: string): Responder {
  return ({ response }) => {
    response.writeHead(status, { location, 'content-length': 0 }).end();
  };
}

/** Answers nothing at all; the connection ends with the client or with the server. */
export function hang(): Responder {
  return () => {};
}

/** Holds the answer until the test releases it. */
export function held(gate: Promise<unknown>, then: Responder): Responder {
  return async (exchange) => {
    await gate;
    await then(exchange);
  };
}

/** Headers and half of the body at once, the rest when the test releases it. */
export function slowBody(gate: Promise<unknown>, text = 'first half, second half'): Responder {
  return async ({ response }) => {
    const middle = Math.ceil(text.length / 2);
    response.writeHead(200, { 'content-type': 'text/plain', 'content-length': text.length });
    response.write(text.slice(0, middle));
    await gate;
    response.end(text.slice(middle));
  };
}

/** Holds every request until `count` of them have arrived, so that all of them are answered in the same state. */
export function together(count: number, then: Responder): Responder {
  const all = deferred();
  let arrived = 0;
  return async (exchange) => {
    arrived += 1;
    if (arrived === count) all.resolve();
    await all.promise;
    await then(exchange);
  };
}
