/**
 * One call of the user: a copy of his config is signed and sent, as often as the exchange wants.
 */

import type { AuthResponse } from '../../lifecycle/contract.ts';
import { Exchange } from '../../lifecycle/exchange.ts';
import type { Wire } from '../../lifecycle/loop.ts';
import { chain, isPromise } from '../../lifecycle/promises.ts';
import type { Wiring } from '../../lifecycle/wiring.ts';
import { onward } from '../web/progress.ts';
import { isWebStream } from '../web/shape.ts';
import { AxiosAnswer } from './answer.ts';
import { AxiosAttempt, type AxiosCallParts } from './attempt.ts';
import { type AxiosFailure, concealFailure, concealReply } from './conceal.ts';
import { fetchRedirects, followsRedirects } from './fetch.ts';
import { partsOfHop } from './hop.ts';
import type { AdapterChoice, AxiosAdapterFunction, AxiosCallConfig, AxiosReply } from './types.ts';

/** An exchange that passes no judgement on an answer from behind a redirect that could not be signed in time. */
export class AxiosExchange extends Exchange {
  override review(response: AuthResponse): boolean | Promise<boolean> {
    return (response.request as AxiosAttempt).strayed ? false : super.review(response);
  }
}

/** An answer that axios gives as an error, because `validateStatus` says so. */
export class RejectedAnswer {
  readonly error: unknown;
  readonly reply: AxiosReply;

  constructor(error: unknown, reply: AxiosReply) {
    this.error = error;
    this.reply = reply;
  }
}

type Answer = AxiosReply | RejectedAnswer;

/** The adapter that a call ends up with. */
export interface ChosenAdapter {
  /** What `config.adapter` was before us. */
  readonly inner: AdapterChoice;
  /** `http`, `xhr`, and in older axios `fetch`. */
  readonly name: string | undefined;
  /** Does axios send it with fetch? Of a function of the user's, nobody knows how it sends and follows redirects. */
  readonly isFetch: boolean;
  readonly send: AxiosAdapterFunction;
}

/** A config in the making. */
type ConfigCopy = { -readonly [Key in keyof AxiosCallConfig]: AxiosCallConfig[Key] };

export class AxiosCall implements Wire<AxiosAttempt, Answer> {
  #parts: AxiosCallParts;
  #last: AxiosAttempt | undefined;
  readonly #wiring: Wiring;
  readonly #exchange: Exchange;
  readonly #adapter: ChosenAdapter;
  readonly #signal: AbortSignal | undefined;
  /** One for all attempts. */
  readonly #onUploadProgress: AxiosCallConfig['onUploadProgress'];

  constructor(
    parts: AxiosCallParts,
    wiring: Wiring,
    exchange: Exchange,
    adapter: ChosenAdapter,
    signal: AbortSignal | undefined,
  ) {
    this.#parts = parts;
    this.#wiring = wiring;
    this.#exchange = exchange;
    this.#adapter = adapter;
    this.#signal = signal;
    const { onUploadProgress } = parts.config;
    this.#onUploadProgress = onUploadProgress && onward(onUploadProgress, ({ loaded }) => loaded);
  }

  request(): AxiosAttempt {
    if (this.#last?.hop !== undefined) this.#parts = partsOfHop(this.#parts, this.#last.hop);
    this.#last = new AxiosAttempt(this.#parts, this.#adapter.name);
    return this.#last;
  }

  send(attempt: AxiosAttempt): Promise<Answer> {
    // An adapter sends even where the signal is aborted already.
    if (this.#signal?.aborted) return Promise.reject(this.#signal.reason);
    const data = this.#data();
    return isPromise(data) ? data.then((value) => this.#dispatch(attempt, value)) : this.#dispatch(attempt, data);
  }

  response(answer: Answer, attempt: AxiosAttempt): AxiosAnswer {
    if (answer instanceof RejectedAnswer) return new AxiosAnswer(answer.reply, attempt);
    // axios-cache-interceptor names a request by its URL: two users would be one.
    if (isObject(this.#parts.caller.cache) && attempt.isMarked) setVary(answer);
    return new AxiosAnswer(concealReply(answer, attempt), attempt);
  }

  /** Redirects are followed below us. */
  follow(answer: Answer): Answer {
    return answer;
  }

  #recover(error: unknown, attempt: AxiosAttempt): RejectedAnswer {
    concealFailure(error, attempt);
    if (isWholeAnswer(error)) return new RejectedAnswer(error, error.response);
    throw error;
  }

  deliver(answer: Answer): AxiosReply {
    if (answer instanceof RejectedAnswer) throw answer.error;
    return answer;
  }

  /** A body that is no stream was read to its end before anybody saw the answer. */
  discard(answer: Answer): void {
    const { data } = answer instanceof RejectedAnswer ? answer.reply : answer;
    if (isWebStream(data)) data.cancel().catch(() => undefined);
    else (data as { destroy?(): unknown } | null | undefined)?.destroy?.();
  }

  /** The body for one attempt; a fresh one where a factory makes it. */
  #data(): unknown {
    const { config, body, side } = this.#parts;
    if (config.bodyFactory === undefined) return body.data;
    return chain(config.bodyFactory(), (data) =>
      this.#adapter.name === 'http' && side ? side.asNodeStream(data) : data,
    );
  }

  #dispatch(attempt: AxiosAttempt, data: unknown): Promise<Answer> {
    const { config, side } = this.#parts;
    const { httpAgent, httpsAgent } = config;
    if (httpAgent !== undefined) side?.concealAgent(httpAgent);
    if (httpsAgent !== undefined) side?.concealAgent(httpsAgent);
    attempt.copy = this.#copy(attempt, data);
    return this.#adapter.send(attempt.copy).catch((error) => this.#recover(error, attempt));
  }

  #copy(attempt: AxiosAttempt, data: unknown): AxiosCallConfig {
    const { inner } = this.#adapter;
    const copy = shallowCopy(this.#parts.config);
    copy.headers = attempt.headers.fields;
    copy.adapter = inner;
    copy.data = data;
    if (this.#onUploadProgress) copy.onUploadProgress = this.#onUploadProgress;
    const rewritten = attempt.rewrite();
    if (rewritten !== undefined) Object.assign(copy, rewritten);
    if (attempt.isMarked && this.#adapter.name !== 'xhr') this.#guardRedirects(attempt, copy);
    return copy;
  }

  #guardRedirects(attempt: AxiosAttempt, copy: ConfigCopy): void {
    const { headerPolicy: policy, signsHops } = this.#wiring;
    const { name, isFetch } = this.#adapter;
    const exchange = this.#exchange;
    const { side } = this.#parts;
    if (side) copy.beforeRedirect = side.redirectHook(attempt, exchange, policy, copy.beforeRedirect);
    if (name === 'http') return;
    // What a platform has followed by itself is not visible in the response: a 303 has made a GET of a POST, a 307 has not.
    const changes = attempt.method !== 'GET' && attempt.method !== 'HEAD';
    const mustSign = isFetch && (signsHops || changes || attempt.signedUrl !== undefined);
    const byHand = (mustSign || attempt.hasUnusualHeader) && followsRedirects(copy);
    if (!isFetch && !byHand) return;
    const body = () => this.#data();
    Object.assign(copy, fetchRedirects(copy, { attempt, exchange, policy, byHand, body }));
  }
}

/** A quarter of what a spread costs, because axios's config has no prototype and no shape. */
function shallowCopy(config: AxiosCallConfig): ConfigCopy {
  const source = config as unknown as Record<PropertyKey, unknown>;
  const copy: Record<PropertyKey, unknown> = {};
  for (const key of Object.keys(source)) copy[key] = source[key];
  const symbols = Object.getOwnPropertySymbols(source);
  for (let index = 0; index < symbols.length; index += 1)
    copy[symbols[index] as symbol] = source[symbols[index] as symbol];
  return copy as unknown as ConfigCopy;
}

/**
 * Is this an answer that `validateStatus` rejects? A body that broke off (a time limit, a size limit) also comes with a
 * response, but with a code that axios has no reason to give its status.
 */
function isWholeAnswer(error: unknown): error is AxiosFailure & { readonly response: AxiosReply } {
  const { response, code } = (error ?? {}) as AxiosFailure;
  if (response === undefined || response === null) return false;
  return code === undefined || code === (response.status >= 500 ? 'ERR_BAD_RESPONSE' : 'ERR_BAD_REQUEST');
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

/** The response depends on more than the request shows (RFC 9110 §12.5.5): no cache keeps it. */
function setVary({ headers }: AxiosReply): void {
  if (typeof headers !== 'object' || headers === null) return;
  const fields = headers as Record<string, unknown>;
  for (const name of Object.keys(fields)) if (name.toLowerCase() === 'vary') delete fields[name];
  fields.vary = '*';
}
