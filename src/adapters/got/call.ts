import { readCallOptions } from '../../lifecycle/call-options.ts';
import { Exchange } from '../../lifecycle/exchange.ts';
import { isPromise } from '../../lifecycle/promises.ts';
import type { Wiring } from '../../lifecycle/wiring.ts';
import { printAsSummary } from '../web/printing.ts';
import { limitWaiting } from '../web/waiting.ts';
import { GotAnswer, GotAttempt, GotRequest } from './attempt.ts';
import { type FreshBody, freshBodyOf } from './body.ts';
import { Noted } from './noted.ts';
import type {
  GotOptions,
  GotRequestFunction,
  GotResponse,
  ResponseBody,
  ResponseHead,
  WireRequest,
} from './options.ts';
import { baseOrigin, originOfUrl } from './origin.ts';
import { boundRefused, fail, offerResend, type Retry, resend, timedOut } from './resend.ts';
import { concealWholly, keepFromCache, type NativeCall, nativeOptionsOf, send } from './send.ts';
import { isBody, isDestroyed, isResponseHead, isWireRequest } from './shape.ts';

/** One authenticator's part in a call. */
interface Layer {
  readonly wiring: Wiring;
  readonly exchange: Exchange;
  request: GotRequest | undefined;
}

/**
 * One call of got, from its handlers to its end: all attempts, all redirect hops. It signs in the `request` function,
 * which got calls for each of them, and looks at each response as soon as it begins.
 */
export class GotCall {
  /** The origin that binds all requests; without one, that of the first. */
  readonly #home: string | undefined;
  readonly #fresh: FreshBody | undefined;
  /** The caller's own `request` function. */
  readonly #own: GotRequestFunction | undefined;
  readonly #layers: Layer[];
  /** The options that this call began with. */
  readonly #first: GotOptions;
  /** Where this call began: its options go elsewhere with a redirect or a next page. */
  readonly #start: URL;
  /** Those of the current attempt and hop. */
  #options: GotOptions;
  /** Those of the last attempt that failed. */
  #failed: GotOptions | undefined;
  #attempt: GotAttempt | undefined;
  #wire: WireRequest | undefined;
  /** The next request follows a redirect. */
  #isHop = false;
  /** Some request of this call has followed a redirect: since then, a server has chosen where to send to. */
  #wasRedirected = false;
  /** Judges the response that a stream has failed with. */
  #streamFailed: (() => unknown) | undefined;
  readonly #request: GotRequestFunction;

  /** The call that these options belong to. */
  static of({ request, hooks }: GotOptions): GotCall | undefined {
    const call = request === undefined ? undefined : Noted.of(request);
    if (call !== undefined) return call;
    // Somebody has wrapped our `request` function. got copies a list of hooks for every attempt and hop, not the hooks.
    const hook = hooks.beforeError.find((one) => Noted.of(one) !== undefined);
    return hook === undefined ? undefined : Noted.of(hook);
  }

  /** Signs a call. The same authenticator again takes its former place: the last one decides. */
  static join(options: GotOptions, wiring: Wiring): void {
    const call = GotCall.of(options);
    if (call !== undefined && call.#first === options) call.#add(wiring);
    else new GotCall(options, wiring, call);
  }

  /** @param former - The call that the options came from: pagination takes them along. */
  private constructor(options: GotOptions, wiring: Wiring, former: GotCall | undefined) {
    this.#first = options;
    this.#start = options.url as URL;
    this.#options = options;
    // The URL of a next page is the server's choice, not the caller's.
    this.#home = former === undefined ? baseOrigin(options) : (former.#home ?? originOfUrl(former.#start));
    this.#own = former !== undefined && options.request === former.#request ? former.#own : options.request;
    this.#fresh = freshBodyOf(options);
    this.#layers = [this.#layer(wiring)];
    this.#request = Noted.on((...call: NativeCall) => this.#sign(call), this);
    options.request = this.#request;
    this.#hearErrors(options.hooks.beforeError);
  }

  /** got keeps the hooks of a page for the next one. */
  #hearErrors(hooks: GotOptions['hooks']['beforeError']): void {
    const hook = Noted.on((error: unknown) => {
      this.failed();
      this.#streamFailed?.();
      return error;
    }, this);
    const former = hooks.findIndex((one) => Noted.of(one) !== undefined);
    hooks.splice(former === -1 ? hooks.length : former, former === -1 ? 0 : 1, hook);
  }

  #add(wiring: Wiring): void {
    const layer = this.#layer(wiring);
    const index = this.#layers.findIndex((other) => other.wiring.authenticator === wiring.authenticator);
    if (index === -1) this.#layers.push(layer);
    else this.#layers[index] = layer;
  }

  #layer(wiring: Wiring): Layer {
    const { signal, context, timeout } = this.#options;
    const limited = limitWaiting(signal, timeout.request, timedOut);
    return {
      wiring,
      exchange: new Exchange(wiring, limited, this.#home, readCallOptions(context)),
      request: undefined,
    };
  }

  /** A `request` function by which options that carry nothing else find this call: ours, or around another one. */
  markedRequest(other?: GotRequestFunction): GotRequestFunction {
    return other === undefined ? this.#request : Noted.on((...call) => other(...call), this);
  }

  /** Something went wrong, or may: the error shows the last request. */
  failed(): void {
    if (this.#wire !== undefined) concealWholly(this.#wire);
  }

  /** The next request goes where a server has sent us. */
  redirected(options: GotOptions): void {
    // Two authenticators bring the same hook twice.
    if (this.#options === options) return;
    // Should the next hop fail, the error shows this one.
    this.failed();
    this.#options = options;
    this.#isHop = true;
    this.#wasRedirected = true;
    // The redirect may have dropped the body.
    if (options.body !== undefined) this.#fresh?.renew(options);
  }

  /** The next request is got's retry, or our resend: got makes new options for it, of which a hook tells us. */
  retried(options: GotOptions): void {
    if (this.#failed === options) return;
    this.#failed = options;
    this.#isHop = false;
    if (options.body !== undefined) this.#fresh?.renew(options);
    const { hooks } = options;
    if (!hooks.beforeRequest.includes(beforeRequest)) hooks.beforeRequest.push(beforeRequest);
  }

  /** An attempt after the first one begins. */
  goOnWith(options: GotOptions): void {
    this.#options = options;
    if (isDestroyed(options.body)) this.#fresh?.renew(options);
    // got 14 forgets the socket when it copies options, and finds it again when it gets the URL.
    const { url } = options;
    if (url instanceof URL && url.hostname === 'unix') options.url = url;
  }

  #sign(call: NativeCall): unknown {
    const attempt = new GotAttempt(this.#options, this.#fresh, nativeOptionsOf(call).headers, this.#isHop);
    this.#attempt = attempt;
    this.#isHop = false;
    try {
      const prepared = this.#prepare(attempt, 0);
      if (!isPromise(prepared)) return this.#send(attempt, call);
      return prepared.then(() => this.#send(attempt, call)).catch((error: unknown) => fail(attempt.options, error));
    } catch (error) {
      return fail(attempt.options, error);
    }
  }

  #prepare(attempt: GotAttempt, from: number): void | Promise<void> {
    for (let index = from; index < this.#layers.length; index += 1) {
      const layer = this.#layers[index] as Layer;
      const { exchange } = layer;
      layer.request = new GotRequest(attempt, layer.wiring.headerPolicy);
      // got retries where a redirect has led to: what was foreign there stays foreign.
      const follows = attempt.isHop || (this.#wasRedirected && !exchange.signed);
      const done = follows ? exchange.prepareHop(layer.request) : exchange.prepare(layer.request);
      if (isPromise(done)) return done.then(() => this.#prepare(attempt, index + 1));
    }
  }

  #send(attempt: GotAttempt, call: NativeCall): unknown {
    // got has given up this attempt while it waited for its credential.
    if (this.#attempt !== attempt || attempt.options.signal?.aborted) throw new Error('superseded');
    const sent = send(attempt, call, this.#own);
    return isPromise(sent) ? sent.then((request) => this.#watch(attempt, request)) : this.#watch(attempt, sent);
  }

  #watch(attempt: GotAttempt, sent: unknown): unknown {
    if (isWireRequest(sent)) {
      printAsSummary(sent);
      this.#wire = sent;
      sent.prependListener('response', (head) => this.#onResponse(attempt, head));
    } else if (isResponseHead(sent)) this.#onResponse(attempt, sent);
    else joinAfterResponse(attempt.options);
    return sent;
  }

  #onResponse(attempt: GotAttempt, head: ResponseHead): void {
    if (head.statusCode >= 400) this.failed();
    if (attempt.options.cache && attempt.isMarked) keepFromCache(head);
    if (this.#attempt !== attempt) return;
    // Whether it is followed, got decides: if it isn't, we meet it again in `afterResponse`.
    const isRedirect = head.statusCode >= 300 && head.statusCode < 400 && head.headers.location !== undefined;
    const { options } = attempt;
    if (head.statusCode >= 400 && options.isStream && options.throwHttpErrors === true) {
      this.#offerResend(attempt, head);
      return;
    }
    if (!isRedirect) attempt.resend = this.#review(attempt, head);
    const { resend: verdict } = attempt;
    if (verdict === false) return;
    joinAfterResponse(options);
    if (verdict !== undefined && !options.isStream && isBody(head)) void this.#boundRefused(attempt, verdict, head);
  }

  /** Of a stream that fails, got asks whether to retry it, or tells a hook of the error. */
  #offerResend(attempt: GotAttempt, head: ResponseHead): void {
    const review = () => {
      if (this.#attempt !== attempt || attempt.resend !== undefined) return false;
      attempt.resend = this.#review(attempt, head);
      return attempt.resend;
    };
    this.#streamFailed = review;
    offerResend(attempt.options, () => {
      attempt.retriable = true;
      return review();
    });
  }

  async #boundRefused(attempt: GotAttempt, verdict: boolean | Promise<boolean>, body: ResponseBody): Promise<void> {
    const resend = await Promise.resolve(verdict).catch(() => false);
    if (resend && this.#attempt === attempt) boundRefused(body, attempt.options);
  }

  #review(attempt: GotAttempt, head: ResponseHead): boolean | Promise<boolean> {
    try {
      const [first, second] = this.#layers;
      if (second === undefined) return guarded(ask(first as Layer, attempt, head));
      const verdicts = this.#layers.map((layer) => ask(layer, attempt, head));
      if (!verdicts.some(isPromise)) return anyOf(verdicts as boolean[]);
      return guarded(Promise.all(verdicts.map((verdict) => Promise.resolve(verdict))).then(anyOf));
    } catch (error) {
      return guarded(Promise.reject(error));
    }
  }

  /** The end of a response that is, or may be, refused. */
  async settle(response: GotResponse, retry: Retry): Promise<GotResponse> {
    const attempt = this.#attempt;
    if (attempt === undefined) return response;
    // An answer from a cache would otherwise be taken for this attempt's.
    this.#attempt = undefined;
    attempt.complete(response.rawBody);
    attempt.resend ??= this.#review(attempt, response);
    try {
      if (!(await attempt.resend)) return response;
    } catch (error) {
      return fail(attempt.options, error);
    }
    return resend(response, retry);
  }
}

function ask({ exchange, request }: Layer, attempt: GotAttempt, head: ResponseHead): boolean | Promise<boolean> {
  return request === undefined ? false : exchange.review(new GotAnswer(attempt, request, head));
}

/** Reports a failure to those who wait for the end of the response. */
function guarded<T>(value: T | Promise<T>): T | Promise<T> {
  if (isPromise(value)) value.catch(nothing);
  return value;
}

function anyOf(verdicts: readonly boolean[]): boolean {
  return verdicts.includes(true);
}

/** Joined only where a response is, or may be, refused: got makes every response pay for such a hook. */
async function afterResponse(response: GotResponse, retry: Retry): Promise<GotResponse> {
  return GotCall.of(response.request.options)?.settle(response, retry) ?? response;
}

function joinAfterResponse({ isStream, hooks }: GotOptions): void {
  // First, so that the caller's own hooks see the response that stands, and no other.
  if (!isStream && !hooks.afterResponse.includes(afterResponse)) hooks.afterResponse.unshift(afterResponse);
}

function beforeRequest(options: GotOptions): void {
  GotCall.of(options)?.goOnWith(options);
}

function nothing(): void {}
