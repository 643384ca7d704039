/**
 * Keeps what we signed out of what axios gives to the caller. Responses and errors get the caller's own config back, and
 * `request` stays readable but is printed as a summary.
 */

import { printAsSummary, printWithout } from '../web/printing.ts';
import type { AxiosAttempt } from './attempt.ts';
import type { AxiosCallConfig, AxiosReply } from './types.ts';

/** What axios's errors have beyond a message. */
export interface AxiosFailure {
  config?: AxiosCallConfig;
  readonly code?: string;
  readonly request?: unknown;
  readonly response?: AxiosReply;
  readonly cause?: unknown;
}

export function concealReply(reply: AxiosReply, attempt: AxiosAttempt): AxiosReply {
  reply.config = attempt.config;
  if (reply.request !== undefined && reply.request !== null) {
    if (attempt.signedUrl !== undefined) plainResponseUrl(reply.request, attempt);
    concealRequest(reply.request);
    Object.defineProperty(reply, 'request', HIDDEN);
  }
  if (attempt.config.responseType === 'stream') strip(attempt);
  if (isStream(reply.data)) concealStream(reply.data, attempt);
  return reply;
}

export function concealFailure(error: unknown, attempt: AxiosAttempt): void {
  let depth = 0;
  for (let next = error; isObject(next) && depth < MAX_CAUSES; next = (next as AxiosFailure).cause) {
    const failure = next as AxiosFailure;
    if (failure.config !== undefined) failure.config = attempt.config;
    if (failure.request !== undefined) {
      concealRequest(failure.request);
      Object.defineProperty(failure, 'request', HIDDEN);
    }
    if (isObject(failure.response)) concealReply(failure.response, attempt);
    depth += 1;
  }
}

/** The live state of a node:http Agent: its sockets lead to every request that is on its way. */
const AGENT_STATE = ['sockets', 'freeSockets', 'requests'];
const concealedAgents = new WeakSet<object>();

/** A config's own agent is printed with it, in JSON, too. */
export function concealAgent(agent: unknown): void {
  if (!isObject(agent) || concealedAgents.has(agent)) return;
  concealedAgents.add(agent);
  hide(agent, AGENT_STATE);
  printWithout(agent, AGENT_STATE);
}

function hide(owner: object, names: readonly string[]): void {
  for (const name of names) if (Object.hasOwn(owner, name)) Object.defineProperty(owner, name, HIDDEN);
}

const HIDDEN: PropertyDescriptor = { enumerable: false };
const MAX_CAUSES = 5;

/** `response.request.res.responseUrl`, where axios's users look up the final URL. */
function plainResponseUrl(request: unknown, attempt: AxiosAttempt): void {
  const { res } = request as { readonly res?: { responseUrl?: string } };
  if (res?.responseUrl !== undefined && attempt.finalUrl === undefined) res.responseUrl = attempt.plainHref;
}

interface NodeRequest {
  /** follow-redirects' request, of which this is the last hop. axios notes it on the socket, where it stays. */
  readonly _redirectable?: unknown;
}

function concealRequest(request: unknown): void {
  if (!isObject(request)) return;
  printAsSummary(request);
  const { _redirectable: whole } = request as NodeRequest;
  if (isObject(whole)) printAsSummary(whole);
}

/** Node's streams, as far as we need them. */
interface StreamLike {
  emit(event: string, ...args: unknown[]): boolean;
}

/** What an IncomingMessage has of the request that it answers, and memory of zlib that was never cleared. */
const LINKS = ['req', 'socket', 'client', '_outBuffer'];

/**
 * The body is still on its way, and what goes wrong with it later comes as an error with the copy's config: the copy is
 * stripped, and the error's `request` is hidden before anybody hears of it.
 */
function concealStream(stream: StreamLike, attempt: AxiosAttempt): void {
  hide(stream, LINKS);
  const { emit } = stream;
  const concealing = (event: string, ...args: unknown[]): boolean => {
    if (event === 'error') concealFailure(args[0], attempt);
    return emit.call(stream, event, ...args);
  };
  Object.defineProperty(stream, 'emit', { value: concealing, writable: true, configurable: true });
}

function strip({ config, copy }: AxiosAttempt): void {
  const { env, fetchOptions, beforeRedirect } = config;
  if (copy === undefined) return;
  copy.headers.clear();
  Object.assign(copy, config, { env, fetchOptions, beforeRedirect });
}

function isStream(data: unknown): data is StreamLike {
  return isObject(data) && typeof (data as { pipe?: unknown }).pipe === 'function';
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
