/** What Node prints of a request, an agent or a body, and where these hold what we signed. */

import { printAsSummary, printWithout } from '../web/printing.ts';
import type { AxiosAttempt } from './attempt.ts';
import { concealFailure, HIDDEN } from './conceal.ts';
import { isObject } from './object.ts';

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

/** `response.request.res.responseUrl`, where axios's users look up the final URL. */
export function plainResponseUrl(request: unknown, attempt: AxiosAttempt): void {
  const { res } = request as { readonly res?: { responseUrl?: string } };
  if (res?.responseUrl !== undefined && attempt.finalUrl === undefined) res.responseUrl = attempt.plainHref;
}

interface NodeRequest {
  /** follow-redirects' request, of which this is the last hop. axios notes it on the socket, where it stays. */
  readonly _redirectable?: unknown;
}

export function concealRequest(request: unknown): void {
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

/** An error of a body that is still on its way is stripped before anybody hears of it. */
export function concealStream(stream: unknown, attempt: AxiosAttempt): void {
  if (!isStream(stream)) return;
  hide(stream, LINKS);
  const { emit } = stream;
  const concealing = (event: string, ...args: unknown[]): boolean => {
    if (event === 'error') concealFailure(args[0], attempt);
    return emit.call(stream, event, ...args);
  };
  Object.defineProperty(stream, 'emit', { value: concealing, writable: true, configurable: true });
}

function isStream(data: unknown): data is StreamLike {
  return isObject(data) && typeof (data as { pipe?: unknown }).pipe === 'function';
}
