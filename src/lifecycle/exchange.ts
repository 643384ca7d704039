/**
 * One HTTP exchange: what one call of the user needs from the first signature to the answer that stands. It does no I/O,
 * and knows no client and no scheme.
 */

import { ConfigurationError, CredentialError, isAuthError } from '../errors.ts';
import { mask } from '../secrets/registry.ts';
import { withSafeCause } from '../secrets/safe-cause.ts';
import type { AuthCallOptions, Resend } from './call-options.ts';
import { type AuthContext, type AuthRequest, type AuthResponse, judge, type Verdict } from './contract.ts';
import { SignedHeaders } from './headers.ts';
import { originOf } from './origins.ts';
import { isPromise, notify, race, withDeadline } from './promises.ts';
import type { Wiring } from './wiring.ts';

/** Three sends at the very most: for a renewal and a nonce, or for a nonce that changes in between. */
const MAX_RESENDS = 2;

export class Exchange<Credential = unknown> {
  readonly #wiring: Wiring<Credential>;
  readonly #signal: AbortSignal | undefined;
  readonly #home: string | undefined;
  readonly #call: AuthCallOptions | undefined;
  #credential: Credential | undefined;
  /** The credential was found by a review and waits for the resend. */
  #ready = false;
  /** The last request carries the credential: only then does its response say something about it. */
  #signed = false;
  /** Some request of this call went over https. */
  #wasSecure = false;
  #renewed = false;
  /** How often it was signed again without a renewal. */
  #repeats = 0;

  /**
   * @param signal - The caller's. It frees this caller from waiting, and nobody else.
   * @param home - The origin of the client's base URL, where it has one.
   * @param call - What the caller says about this call, from {@link readCallOptions}.
   */
  constructor(wiring: Wiring<Credential>, signal?: AbortSignal, home?: string, call?: AuthCallOptions) {
    this.#wiring = wiring;
    this.#signal = signal;
    this.#home = home;
    this.#call = call;
  }

  /** Did the last prepared request get the credential? */
  get signed(): boolean {
    return this.#signed;
  }

  /**
   * Signs a wire attempt; a promise only if the authenticator needs one. Foreign origins get nothing.
   *
   * @throws {@link ConfigurationError} where nobody has said where the credential may travel.
   */
  prepare(request: AuthRequest): void | Promise<void> {
    this.#signed = false;
    if (this.#call?.skipAuth === true) return;
    if (this.#wiring.rule === undefined && this.#home === undefined) throw this.#unbound(request);
    if (this.#binds(request)) return this.#prepareBound(request);
    if (!this.#wiring.learnsOrigins) return this.#logForeign(request);
    return this.#wait(
      () => this.#wiring.authenticator.learnOrigins?.(),
      () => (this.#binds(request) ? this.#prepareBound(request) : this.#logForeign(request)),
    );
  }

  #prepareBound(request: AuthRequest): void | Promise<void> {
    if (this.#ready) {
      this.#ready = false;
      return this.#sign(request, this.#credential as Credential);
    }
    return this.#authenticate({ request }, (credential) => this.#sign(request, credential));
  }

  /**
   * Signs the next hop of a redirect with the credential that the first hop had. Once the way has led to a foreign
   * origin, no later hop is signed, not even back at home: the foreign server chose where it leads.
   */
  prepareHop(request: AuthRequest): void | Promise<void> {
    if (!this.#signed) return;
    this.#signed = false;
    if (!this.#binds(request)) return this.#logForeign(request);
    return this.#sign(request, this.#credential as Credential);
  }

  /** Judges a response. `true`: prepare and send the request once more. `false`: the response stands. */
  review(response: AuthResponse): boolean | Promise<boolean> {
    if (!this.#signed || this.#isForeign(response)) return false;
    const { authenticator } = this.#wiring;
    const verdict = judge(authenticator, response, this.#credential as Credential, this.#call?.refusedWhen);
    if (!isPromise(verdict)) return this.#decide(verdict, response);
    return this.#timely(verdict).then((value) => this.#decide(value, response));
  }

  #decide(verdict: Verdict, response: AuthResponse): boolean | Promise<boolean> {
    const { authenticator } = this.#wiring;
    if (verdict === true) {
      // A server that fails may not have looked at it.
      if (response.status < 500) authenticator.onAccepted?.(this.#credential as Credential, response);
      return false;
    }
    return verdict === 'again' ? this.#repeat(response) : this.#refused(response);
  }

  #repeat(response: AuthResponse): boolean {
    const sends = this.#repeats + (this.#renewed ? 1 : 0);
    if (sends >= MAX_RESENDS || !this.#mayResend(response)) {
      return this.#stand(response, 'asked to sign again, but may not');
    }
    this.#repeats += 1;
    this.#log('signing again', response.request, { status: response.status });
    return this.#resend(response, 'again');
  }

  #refused(response: AuthResponse): boolean | Promise<boolean> {
    if (this.#renewed || this.#repeats >= MAX_RESENDS) {
      this.#wiring.authenticator.onRefusedAgain?.(this.#credential as Credential, response);
      return this.#stand(response, 'refused again after a renewal');
    }
    this.#renewed = true;
    this.#log('credential refused', response.request, { status: response.status, ...this.#describe() });
    const refused = { credential: this.#credential as Credential, response };
    const context = { request: response.request, refused };
    if (!this.#mayResend(response)) {
      this.#renewForTheNext(context);
      const { replayable } = response.request;
      return this.#stand(response, replayable ? 'the caller wants no resend' : 'the body can be sent only once');
    }
    return this.#authenticate(context, (credential) => this.#accept(credential, response));
  }

  #accept(credential: Credential, response: AuthResponse): boolean {
    if (Object.is(credential, this.#credential)) return this.#stand(response, 'nothing better to offer');
    this.#credential = credential;
    return this.#resend(response, 'refused');
  }

  #mayResend({ request }: AuthResponse): boolean {
    return request.replayable && this.#call?.resend !== false;
  }

  #resend({ status }: AuthResponse, reason: Resend['reason']): true {
    this.#ready = true;
    notify(this.#call?.onResend, { status, reason });
    return true;
  }

  /** The caller has his answer already: a failure here is the next caller's to hear of. */
  #renewForTheNext(context: AuthContext<Credential>): void {
    try {
      const renewal = this.#wiring.authenticator.authenticate(context);
      if (isPromise(renewal)) renewal.catch(() => undefined);
    } catch {}
  }

  /** `next` gets the credential: at once, where it is there. */
  #authenticate<R>(context: AuthContext<Credential>, next: (credential: Credential) => R | Promise<R>): R | Promise<R> {
    return this.#wait(() => this.#wiring.authenticator.authenticate(context), next);
  }

  /** Asks the authenticator, for as long as the caller and `deadlineMs` allow. */
  #wait<T, R>(ask: () => T | Promise<T>, next: (answer: T) => R | Promise<R>): R | Promise<R> {
    let answer: T | Promise<T>;
    try {
      answer = ask();
    } catch (error) {
      throw this.#explain(error);
    }
    if (!isPromise(answer)) return next(answer);
    return this.#timely(answer).then(next, (error: unknown) => {
      throw this.#explain(error);
    });
  }

  /** Whatever a caller waits for, he can leave: when his signal aborts, and at the deadline. */
  #timely<T>(promise: Promise<T>): Promise<T> {
    const { authenticator, deadlineMs } = this.#wiring;
    const timely = deadlineMs === undefined ? promise : withDeadline(promise, deadlineMs, authenticator.getName());
    return race(timely, this.#signal);
  }

  #sign(request: AuthRequest, credential: Credential): void | Promise<void> {
    this.#credential = credential;
    const done = this.#wiring.authenticator.modifyRequest(request, credential);
    return isPromise(done) ? this.#timely(done).then(() => this.#markSigned(request)) : this.#markSigned(request);
  }

  #markSigned(request: AuthRequest): void {
    this.#signed = !(request.headers instanceof SignedHeaders && request.headers.withheld);
    if (!this.#wiring.authenticator.log.enabled) return;
    if (this.#signed) this.#log('signed', request, this.#describe());
    else this.#log("left the caller's own header in place", request);
  }

  #binds(request: Pick<AuthRequest, 'origin' | 'url'>): boolean {
    const { rule } = this.#wiring;
    const { origin } = request;
    if (rule === undefined) return origin === this.#home;
    const binds = rule(request, this.#wasSecure);
    this.#wasSecure ||= origin.startsWith('https:');
    return binds;
  }

  #unbound({ origin }: AuthRequest): ConfigurationError {
    const { authenticator, bindingLine } = this.#wiring;
    return new ConfigurationError(
      `nobody has said where the credential of ${authenticator.getName()} may travel, so nothing was sent. ` +
        `Name the origin: ${bindingLine(origin)}`,
      { option: 'origins' },
    );
  }

  #isForeign(response: AuthResponse): boolean {
    if (response.url === undefined || response.url === '') return false;
    return !this.#binds({ origin: originOf(response.url), url: new URL(response.url) });
  }

  #explain(error: unknown): unknown {
    if (isAuthError(error)) return withSafeCause(error);
    if (this.#signal?.aborted && error === this.#signal.reason) return error;
    const name = this.#wiring.authenticator.getName();
    const reason = mask(error instanceof Error ? error.message : String(error));
    return withSafeCause(new CredentialError(`${name} could not provide a credential: ${reason}`, { cause: error }));
  }

  #stand(response: AuthResponse, reason: string): false {
    this.#log('response stands', response.request, { status: response.status, reason });
    return false;
  }

  #logForeign(request: AuthRequest): void {
    this.#log('foreign origin, nothing added', request);
  }

  #describe(): Readonly<Record<string, unknown>> | undefined {
    const { authenticator } = this.#wiring;
    return authenticator.log.enabled ? authenticator.describeCredential?.(this.#credential as Credential) : undefined;
  }

  #log(message: string, request: AuthRequest, fields?: Readonly<Record<string, unknown>>): void {
    const { authenticator } = this.#wiring;
    if (!authenticator.log.enabled) return;
    authenticator.log.debug(message, {
      authenticator: authenticator.getName(),
      method: request.method,
      origin: request.origin,
      ...fields,
    });
  }
}
