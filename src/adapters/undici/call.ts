/**
 * One dispatch of the caller: sent as often as the exchange wants, while the caller's handler sees one request and one
 * response.
 */

import type { Dispatcher } from 'undici';
import { Exchange } from '../../lifecycle/exchange.ts';
import { chain, isPromise } from '../../lifecycle/promises.ts';
import type { Wiring } from '../../lifecycle/wiring.ts';
import { DRAIN_MS } from '../web/body.ts';
import { limitWaiting } from '../web/waiting.ts';
import { opaqueAbove, refuseMerging, varyingOnMore } from './above.ts';
import { UndiciAnswer } from './answer.ts';
import { UndiciAttempt } from './attempt.ts';
import { discardBody, hearErrors, type UndiciBody } from './body.ts';
import { StableController } from './controller.ts';
import type { CallParts } from './parts.ts';
import { historyOf, passOn, redirectedBelow } from './redirect.ts';

type Handler = Dispatcher.DispatchHandler;
type Controller = Dispatcher.DispatchController;
type Headers = Parameters<NonNullable<Handler['onResponseStart']>>[2];
type Upgrade = Parameters<NonNullable<Handler['onRequestUpgrade']>>;

/** What undici's responseError interceptor makes of a status from 400 on. */
type ResponseError = Error & { readonly code?: unknown; readonly statusCode?: number; readonly headers?: Headers };

/**
 * `sending`: no response yet. `holding`: a response waits for its verdict. `draining`: it is thrown away before the
 * resend. `passing`: it goes to the caller. `over`: the caller has been told of a failure, nothing else counts.
 */
type Phase = 'sending' | 'holding' | 'draining' | 'passing' | 'over';

export class UndiciCall implements Handler {
  readonly #parts: CallParts;
  readonly #wiring: Wiring;
  readonly #exchange: Exchange;
  readonly #dispatch: Dispatcher.Dispatch;
  readonly #handler: Handler;
  readonly #controller = new StableController((reason) => this.#abort(reason));
  #attempt: UndiciAttempt;
  #answer: UndiciAnswer | undefined;
  #phase: Phase = 'sending';
  /** Ends a drain that takes too long. */
  #drainTimer: ReturnType<typeof setTimeout> | undefined;
  #announced = false;
  #context: object | null | undefined;
  /** Somebody above may keep or merge responses. */
  readonly #above: string | undefined;
  /** A redirect is passed on to the layer that follows it. */
  #redirects = false;
  /** Where redirects have led before; for an authenticator below this one, too. */
  readonly history: readonly URL[];

  constructor(
    parts: CallParts,
    wiring: Wiring,
    dispatch: Dispatcher.Dispatch,
    handler: Handler,
    history: readonly URL[],
  ) {
    this.#parts = parts;
    this.#wiring = wiring;
    this.history = history;
    const limited = limitWaiting(undefined, parts.options.headersTimeout, headersTimeout);
    this.#exchange = new Exchange(wiring, limited, undefined, parts.call);
    this.#dispatch = dispatch;
    this.#handler = handler;
    this.#above = opaqueAbove(handler);
    this.#attempt = new UndiciAttempt(parts, wiring.headerPolicy);
  }

  /** Signs and sends; at once where the credential is there. */
  start(): boolean {
    try {
      const body = chain(this.#exchange.prepare(this.#attempt), () => {
        if (this.#exchange.signed) refuseMerging(this.#above);
        return this.#makeBody();
      });
      if (!isPromise(body)) return this.#send(body);
      this.#wait(body);
    } catch (error) {
      this.#fail(error as Error);
    }
    return true;
  }

  /** For an authenticator below this one. */
  get handler(): Handler {
    return this.#handler;
  }

  onRequestStart(controller: Controller, context: object | null | undefined): void {
    if (this.#phase === 'over') {
      controller.abort(this.#controller.reason ?? new Error('the request has failed already'));
      return;
    }
    this.#controller.target = controller;
    this.#announce(context);
    const header = historyOf(context).length > 0 ? this.#attempt.unstrippedHeader : undefined;
    if (header !== undefined && this.#exchange.signed) this.#fail(redirectedBelow(header));
  }

  onRequestUpgrade(_controller: Controller, status: Upgrade[1], headers: Upgrade[2], socket: Upgrade[3]): unknown {
    return this.#handler.onRequestUpgrade?.(this.#controller, status, headers, socket);
  }

  onResponseStarted(): void {
    this.#handler.onResponseStarted?.();
  }

  onBodySent(chunk: Buffer): void {
    this.#handler.onBodySent?.(chunk);
  }

  onRequestSent(): void {
    this.#handler.onRequestSent?.();
  }

  onResponseStart(_controller: Controller, status: number, received: Headers, message?: string): void {
    if (this.#phase === 'over') return;
    const hidesCredential = this.#above !== undefined && this.#exchange.signed;
    const headers = hidesCredential ? varyingOnMore(received) : received;
    if (status >= 200) {
      if (this.#isAboutUs() && this.#review(new UndiciAnswer(this.#attempt, status, headers, message))) return;
      this.#phase = 'passing';
      this.#redirects = status < 400 && status >= 300;
    }
    this.#handler.onResponseStart?.(this.#controller, status, headers, message);
  }

  onResponseData(controller: Controller, chunk: Buffer): void {
    if (this.#phase === 'passing') this.#handler.onResponseData?.(this.#controller, chunk);
    else if (this.#phase === 'holding') this.#hold(controller, chunk);
    else if (this.#phase === 'draining') this.#drain(chunk);
  }

  onResponseEnd(_controller: Controller, trailers: Headers): void {
    if (this.#phase === 'passing') this.#end(trailers);
    else if (this.#phase === 'holding') this.#answer?.end(trailers);
    else if (this.#phase === 'draining') this.#resend();
  }

  #end(trailers: Headers): void {
    const end = () => this.#handler.onResponseEnd?.(this.#controller, trailers);
    if (this.#redirects) passOn([...this.history, this.#attempt.plainUrl], end);
    else end();
  }

  onResponseError(_controller: Controller | null, error: Error): void {
    if (this.#phase === 'over') return;
    if (this.#phase === 'holding') this.#answer?.fail(error);
    // Not at once: undici is in the midst of closing the connection.
    else if (this.#phase === 'draining') queueMicrotask(() => this.#resend());
    else if (this.#phase === 'passing' || !this.#reviewError(error))
      this.#handler.onResponseError?.(this.#controller, error);
  }

  #makeBody(): UndiciBody | Promise<UndiciBody> {
    const { body, bodyFactory } = this.#parts;
    return bodyFactory === undefined ? body : bodyFactory();
  }

  #send(body: UndiciBody): boolean {
    return this.#dispatch(this.#attempt.signedOptions(body), this);
  }

  /** The caller can abort while the credential is fetched. Nothing is on the wire yet. */
  #wait(ready: Promise<UndiciBody>): void {
    const stopHearing = hearErrors(this.#parts.body, (error) => this.#fail(error));
    ready
      .finally(stopHearing)
      .then((body) => (this.#phase === 'over' ? discardBody(body) : void this.#send(body)))
      .catch((error: Error) => this.#fail(error));
    this.#announce({});
  }

  /** Once for all attempts. What a later attempt adds to the context goes into the object that the handler has. */
  #announce(context: object | null | undefined): void {
    if (this.#announced) {
      if (this.#context) Object.assign(this.#context, context);
      return;
    }
    this.#announced = true;
    this.#context = context;
    this.#handler.onRequestStart?.(this.#controller, context);
  }

  /** `true`: the response is held back or dropped. */
  #review(answer: UndiciAnswer): boolean {
    this.#answer = answer;
    let verdict: boolean | Promise<boolean>;
    try {
      verdict = this.#exchange.review(answer);
    } catch (error) {
      this.#fail(error as Error);
      return true;
    }
    if (isPromise(verdict)) {
      this.#phase = 'holding';
      verdict.then((resend) => this.#decide(resend)).catch((error: Error) => this.#fail(error));
      return true;
    }
    if (verdict) this.#startDraining(answer);
    else answer.discard();
    return verdict;
  }

  #decide(resend: boolean): void {
    if (this.#phase !== 'holding' || this.#answer === undefined) return;
    if (resend) this.#startDraining(this.#answer);
    else this.#pass(this.#answer);
  }

  #pass(answer: UndiciAnswer): void {
    this.#phase = 'passing';
    answer.release(this.#handler, this.#controller);
    if (!this.#controller.paused) this.#controller.target?.resume();
  }

  /** More is read than is needed to decide, so that a renewal never waits for a connection that it keeps busy itself. */
  #hold(controller: Controller, chunk: Buffer): void {
    const answer = this.#answer as UndiciAnswer;
    answer.hold(chunk);
    if (!answer.full) return;
    controller.pause();
    answer.paused(() => controller.resume());
  }

  #startDraining(answer: UndiciAnswer): void {
    this.#phase = 'draining';
    answer.discard();
    if (answer.ended) this.#resend();
    else if (answer.large) this.#dropConnection('is too large to be read for nothing');
    else this.#drainTimer = setTimeout(() => this.#dropConnection('does not come to its end'), DRAIN_MS);
  }

  #drain(chunk: Buffer): void {
    const answer = this.#answer as UndiciAnswer;
    answer.drop(chunk);
    if (answer.large) this.#dropConnection('is too large to be read for nothing');
  }

  #dropConnection(why: string): void {
    clearTimeout(this.#drainTimer);
    const { target } = this.#controller;
    this.#controller.target = undefined;
    target?.abort(new Error(`the body of a refused answer ${why}`));
  }

  #resend(): void {
    if (this.#phase !== 'draining') return;
    clearTimeout(this.#drainTimer);
    this.#phase = 'sending';
    this.#controller.target = undefined;
    this.#attempt = new UndiciAttempt(this.#parts, this.#wiring.headerPolicy);
    this.start();
  }

  /** Before a response is passed on, undici would tell of the abort only when it is on the wire again. */
  #abort(reason: Error): void {
    const { target } = this.#controller;
    const onWire = this.#phase === 'sending' || this.#phase === 'passing';
    if (onWire && target !== undefined) target.abort(reason);
    else this.#fail(reason);
  }

  #fail(error: Error): void {
    if (this.#phase === 'over') return;
    this.#phase = 'over';
    clearTimeout(this.#drainTimer);
    this.#answer?.discard();
    this.#handler.onResponseError?.(this.#controller, error);
    this.#controller.target?.abort(error);
  }

  /** The responseError interceptor, composed before us, turns a refusal into an error. */
  #reviewError(error: ResponseError): boolean {
    const { code, statusCode, headers = {} } = error;
    if (code !== 'UND_ERR_RESPONSE' || statusCode === undefined || !this.#isAboutUs()) return false;
    return this.#review(UndiciAnswer.fromError(this.#attempt, statusCode, headers, error));
  }

  /** Did the last request carry the credential to the very end? A redirect below us that led elsewhere took it off. */
  #isAboutUs(): boolean {
    return this.#exchange.signed && historyOf(this.#context).every((url) => url.origin === this.#attempt.origin);
  }
}

/** As undici says it of a response that does not begin in time. */
function headersTimeout(): Error {
  return Object.assign(new Error('Headers Timeout Error'), {
    name: 'HeadersTimeoutError',
    code: 'UND_ERR_HEADERS_TIMEOUT',
  });
}
