/**
 * Sends one signed wire attempt. got's own options, and what of them stays reachable from responses, errors and
 * sockets, never hold the credential: it is put on the request that goes out, after that was made and before it is sent.
 */

import http from 'node:http';
import https from 'node:https';
import { chain } from '../../lifecycle/promises.ts';
import { MASK } from '../../secret.ts';
import { withSearch } from '../web/printing.ts';
import type { GotAttempt } from './attempt.ts';
import type {
  GotOptions,
  GotRequestFunction,
  NativeHeaders,
  NativeOptions,
  ResponseHead,
  WireRequest,
} from './options.ts';

/** A call of got's to `request`: `(url, options)`, or `(options, callback)` where it has a cache. */
export type NativeCall = readonly [URL, NativeOptions, unknown?] | readonly [NativeOptions, unknown, undefined?];

type Send = (first: unknown, second: unknown, third: unknown) => unknown;

export function nativeOptionsOf(call: NativeCall): NativeOptions {
  return call[0] instanceof URL ? (call[1] as NativeOptions) : call[0];
}

/** Sends with the caller's own `request` function if there is one and it answers, else as got would. */
export function send(attempt: GotAttempt, call: NativeCall, own: GotRequestFunction | undefined): unknown {
  const sent = own === undefined ? open(attempt, call) : sendWith(own, attempt, call);
  if (call[0] instanceof URL) return sent;
  return chain(sent, (request) => {
    markForCache(attempt);
    return request;
  });
}

function sendWith(own: GotRequestFunction, attempt: GotAttempt, call: NativeCall): unknown {
  const sent = (own as Send)(...(signedCall(attempt, call) as Parameters<Send>));
  return chain(sent, (request) => request ?? open(attempt, call));
}

function open(attempt: GotAttempt, call: NativeCall): WireRequest | Promise<WireRequest> {
  // Node sends the headers of a request that expects 100-continue at once, and nothing can be added to them.
  if (attempt.plain.expect !== undefined) return openAsGot(attempt, signedCall(attempt, call));
  return chain(openAsGot(attempt, call), (request) => sign(request, attempt));
}

/** Sends as got would, which is to say with Node, unless HTTP/2 is wanted. */
function openAsGot(attempt: GotAttempt, call: NativeCall): WireRequest | Promise<WireRequest> {
  const { options } = attempt;
  if (options.http2 || options.h2session !== undefined) return openOverHttp2(options, call);
  // Looked up for each request, because tests replace them.
  const client = attempt.url.protocol === 'https:' ? https : http;
  return (client.request as unknown as Send)(call[0], call[1], call[2]) as WireRequest;
}

/** got's HTTP/2 client comes from got only, and only while it does not find us in `request`. */
function openOverHttp2(options: GotOptions, call: NativeCall): WireRequest | Promise<WireRequest> {
  const { request } = options;
  options.request = undefined;
  try {
    // What a `request` function gets has lost the HTTP/2 agent.
    const [first, second, third] = call[0] instanceof URL ? [call[0], options.createNativeRequestOptions()] : call;
    return (options.getRequestFunction() as Send)(first, second, third) as WireRequest;
  } finally {
    options.request = request;
  }
}

function sign(request: WireRequest, { changes, search }: GotAttempt): WireRequest {
  try {
    for (const name in changes) {
      const value = changes[name];
      if (value === undefined) request.removeHeader(name);
      else request.setHeader(name, value);
    }
  } catch (error) {
    request.on('error', nothing);
    request.destroy();
    throw error;
  }
  if (search !== undefined) setSearch(request, search);
  return request;
}

/** The query alone, because a path may stand behind a proxy's absolute URI or a socket's path. */
function setSearch(request: WireRequest, search: string): void {
  request.path = withSearch(request.path, search);
  if (request.headers?.[':path'] !== undefined) request.headers[':path'] = request.path;
}

/** The call as it has to be for a function that takes nothing later. */
function signedCall(attempt: GotAttempt, call: NativeCall): NativeCall {
  const { search } = attempt;
  const native = { ...nativeOptionsOf(call), headers: signedHeaders(attempt) };
  if (!(call[0] instanceof URL))
    return [search === undefined ? native : { ...native, ...parts(native, search) }, call[1]];
  if (search === undefined) return [call[0], native, call[2]];
  const url = new URL(call[0]);
  url.search = search;
  // Only a Unix socket has its path here, apart from the URL.
  return [url, native.path === undefined ? native : { ...native, path: withSearch(native.path, search) }, call[2]];
}

function signedHeaders({ plain, changes }: GotAttempt): NativeHeaders {
  const headers = { ...plain };
  for (const name in changes) {
    const value = changes[name];
    if (value === undefined) delete headers[name];
    else headers[name] = value;
  }
  return headers;
}

function parts({ path = '/', href }: NativeOptions & { readonly href?: string }, search: string) {
  return { path: withSearch(path, search), search, ...(href !== undefined && { href: withSearch(href, search) }) };
}

/**
 * A cache must see that the request was authenticated, or it would give one user's answer to the next: it decides by
 * `Authorization`, and by the headers that `Vary` names. It sees a mark, because it stores what it sees.
 */
function markForCache(attempt: GotAttempt): void {
  if (!attempt.isMarked) return;
  const { plain, changes } = attempt;
  // With a cache, these are a copy that is the cache's own.
  for (const name in changes) if (changes[name] !== undefined) plain[name] = MASK;
  plain.authorization ??= MASK;
}

/**
 * A cache looks its answers up before the credential is known, so no mark can tell users apart there. It keeps only what the
 * server has meant for all of them: `Vary: *` says that the response depends on more than a cache can see (RFC 9110 §12.5.5).
 */
export function keepFromCache({ headers }: ResponseHead): void {
  if (!SHARED.test(String(headers['cache-control']))) (headers as Record<string, string>).vary = '*';
}

const SHARED = /(?:^|[\s,])(?:public|s-maxage=)/i;

/** Where Node and got's HTTP/2 client keep what goes out, or has still to. */
const SIGNED = ['_header', 'path', 'headers', 'outputData'];

/**
 * `console.table` does not ask for a summary, and reads what it can enumerate. To hide that takes longer than all the rest of
 * signing: it is done for what is about to be looked at, failures.
 */
export function concealWholly(wire: WireRequest): void {
  for (const name of SIGNED) if (Object.hasOwn(wire, name)) Object.defineProperty(wire, name, HIDDEN);
}

const HIDDEN: PropertyDescriptor = { enumerable: false };

function nothing(): void {}
