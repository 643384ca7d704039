/**
 * Is this request the answer to this login? Anybody who can reach the port may send one: web pages, other users, programs
 * that guess. Whatever does not fit is refused, and the login goes on waiting.
 */

import { timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** What the answer must look like. */
export interface Expectation {
  readonly state: string;
  readonly responseMode: 'query' | 'form_post';
  /** The authorization server's: only its pages may post a form. */
  readonly origins: readonly string[];
}

/** A request to the callback path. */
export interface CallbackRequest {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly query: string;
  /** Read for a POST only. */
  readonly body: string;
}

/** The parameters of the answer, or the reason why it is none. */
export type Judgement =
  | { readonly parameters: URLSearchParams }
  | { readonly status: number; readonly reason: string; readonly parameters?: undefined };

const FORM = /^application\/x-www-form-urlencoded(?:\s*;|$)/i;

/** Judges what is known before the body is read. `undefined`: nothing is wrong yet. */
export function judgeHead(
  { method, headers }: Pick<CallbackRequest, 'method' | 'headers'>,
  { responseMode, origins }: Expectation,
): Judgement | undefined {
  if (method !== (responseMode === 'query' ? 'GET' : 'POST')) return refused(405, 'The method is wrong.');
  const { origin } = headers;
  if (origin !== undefined && origin !== 'null' && !origins.includes(origin)) {
    return refused(403, 'It comes from another site than the authorization server.');
  }
  if (responseMode === 'form_post' && !FORM.test(headers['content-type'] ?? '')) {
    return refused(415, 'It is not a form.');
  }
  return undefined;
}

/** Judges the parameters. An `error` counts only with the right state, as a code does. */
export function judgeParameters({ query, body }: CallbackRequest, expected: Expectation): Judgement {
  const parameters = new URLSearchParams(expected.responseMode === 'query' ? query : body);
  const states = parameters.getAll('state');
  if (states.length !== 1 || !equal(states[0] as string, expected.state)) {
    return refused(400, 'Its state is not that of the login: the link is an old one, or somebody else made it.');
  }
  const [codes, errors] = [parameters.getAll('code'), parameters.getAll('error')];
  const isOne = codes.length + errors.length === 1 && [...codes, ...errors][0] !== '';
  return isOne ? { parameters } : refused(400, 'It needs one code or one error.');
}

function refused(status: number, reason: string): Judgement {
  return { status, reason };
}

function equal(a: string, b: string): boolean {
  const [first, second] = [Buffer.from(a), Buffer.from(b)];
  return first.byteLength === second.byteLength && timingSafeEqual(first, second);
}
