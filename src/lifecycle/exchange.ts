/**
 * One HTTP exchange: what one call of the user needs from the first signature to the answer that stands. It does no I/O,
 * and knows no client and no scheme.
 */

import { ConfigurationError, CredentialError, isAuthError } from '../errors.ts';
import { reasonOf, withSafeCause } from '../secrets/safe-cause.ts';
import type { AuthCallOptions, Resend } from './call-options.ts';
import {
  type AuthContext,
  type Authenticator,
  type AuthRequest,
  type AuthResponse,
  judge,
  type Verdict,
} from './contract.ts';
import { originOf } from './origins.ts';
import { isPromise, notify, timely } from './promises.ts';
import type { Wiring } from './wiring.ts';

/** Three sends at the very most: for a renewal and a nonce, or for a nonce that changes in between. */
const MAX_RESENDS = 2;

export class Exchange<Credential = unknown> {
  /** Did the last prepared request get the credential? Only then does its response say something about it. */
  signed = false;
  readonly #wiring: Wiring<Credential>;
  readonly #authenticator: Authenticator<Credential>;
  readonly #signal: AbortSignal | undefined;
  readonly #home: string | undefined;
  readonly #call: AuthCallOptions | undefined;
  #credential: Credential | undefined;
  /** The credential was found by a review and waits for the resend. */
  #ready = false;
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
    this.#authenticator = wiring.authenticator;
    this.#signal = signal;
    this.#home = home;
    this.#call = call;
  }

  /**
   * Signs a wire attempt; a promise only if the authenticator needs one. Foreign origins get nothing.
   *
   * @throws {@link ConfigurationError} where no origin is named for the credential.
   */
  prepare(request: AuthRequest): void | Promise<void> {
    const { what, learnsOrigins, rule } = this.#wiring;
    this.signed = false;
    if (this.#call?.skipAuth) return;
    if (rule === undefined && this.#home === undefined) {
      throw new ConfigurationError(
        `no origin is named for the credential of ${this.#authenticator.getName()}, so nothing was sent. ` +
          `Name it: ${what}(auth, { origins: ['${request.origin}'] })`,
        { option: 'origins' },
      );
    }
    if (!learnsOrigins || this.#binds(request)) return this.#prepareBound(request);
    return this.#ask(undefined, () => this.#prepareBound(request));
  }

  #prepareBound(request: AuthRequest): void | Promise<void> {
    if (!this.#binds(request)) return this.#log('foreign origin, nothing added', request);
    if (!this.#ready) return this.#ask({ request }, (credential) => this.#sign(request, credential));
    this.#ready = false;
    return this.#sign(request, this.#credential as Credential);
  }

  /**
   * Signs the next hop of a redirect with the credential that the first hop had. Once the way has led to a foreign
   * origin, no later hop is signed, not even back at home: the foreign server chose where it leads.
   */
  prepareHop(request: AuthRequest): void | Promise<void> {
    if (!this.signed) return;
    this.#ready = true;
    return this.prepare(request);
  }

  /** Judges a response. `true`: prepare and send the request once more. `false`: the response stands. */
  review(response: AuthResponse): boolean | Promise<boolean> {
    const { url } = response;
    if (!this.signed || (url && !this.#binds({ origin: originOf(url), url: new URL(url) }))) return false;
    const verdict = judge(this.#authenticator, response, this.#credential as Credential, this.#call?.refusedWhen);
    return this.#wait(verdict, (value) => this.#decide(value, response));
  }

  #decide(verdict: Verdict, response: AuthResponse): boolean | Promise<boolean> {
    const authenticator = this.#authenticator;
    const { request, status } = response;
    const credential = this.#credential as Credential;
    if (verdict === true) {
      // A server that fails may not have looked at it.
      if (status < 500) authenticator.onAccepted?.(credential, response);
      return false;
    }
    const mayResend = request.replayable && this.#call?.resend !== false;
    if (verdict === 'again') {
      if (this.#repeats + Number(this.#renewed) >= MAX_RESENDS || !mayResend) {
        return this.#stand(response, 'asked to sign again, but may not');
      }
      this.#repeats += 1;
      this.#log('signing again', request, { status });
      return this.#resend(status, verdict);
    }
    if (this.#renewed || this.#repeats >= MAX_RESENDS) {
      authenticator.onRefusedAgain?.(credential, response);
      return this.#stand(response, 'refused again after a renewal');
    }
    this.#renewed = true;
    this.#log('credential refused', request, { status }, true);
    const context = { request, refused: { credential, response } };
    if (!mayResend) {
      // The caller has his answer already: a failure here is the next caller's to hear of.
      notify(() => authenticator.authenticate(context));
      return this.#stand(
        response,
        request.replayable ? 'the caller wants no resend' : 'the body can be sent only once',
      );
    }
    return this.#ask(context, (found) => {
      if (Object.is(found, credential)) return this.#stand(response, 'nothing better to offer');
      this.#credential = found;
      return this.#resend(status, 'refused');
    });
  }

  #resend(status: number, reason: Resend['reason']): true {
    this.#ready = true;
    notify(() => this.#call?.onResend?.({ status, reason }));
    return true;
  }

  /**
   * Asks the authenticator for a credential, without a context for its origins, as long as the caller and `deadlineMs`
   * allow. `next` gets the answer: at once, where it is there.
   */
  #ask<R>(
    context: AuthContext<Credential> | undefined,
    next: (credential: Credential) => R | Promise<R>,
  ): R | Promise<R> {
    const authenticator = this.#authenticator;
    let answer: Credential | Promise<Credential>;
    try {
      answer = context ? authenticator.authenticate(context) : (authenticator.learnOrigins?.() as Credential);
    } catch (error) {
      return this.#fail(error);
    }
    return this.#wait(answer, next, (error) => this.#fail(error));
  }

  /** Whatever a caller waits for, he can leave: when his signal aborts, and at the deadline. */
  #wait<T, R>(answer: T | Promise<T>, next: (answer: T) => R | Promise<R>, failed?: (error: unknown) => never) {
    if (!isPromise(answer)) return next(answer);
    return timely(answer, this.#signal, this.#wiring.deadlineMs, this.#authenticator.getName()).then(next, failed);
  }

  #sign(request: AuthRequest, credential: Credential): void | Promise<void> {
    this.#credential = credential;
    return this.#wait(this.#authenticator.modifyRequest(request, credential), () => {
      this.signed = !request.headers.withheld;
      this.#log(this.signed ? 'signed' : "left the caller's own header in place", request, undefined, this.signed);
    });
  }

  #binds(request: Pick<AuthRequest, 'origin' | 'url'>): boolean {
    const { rule } = this.#wiring;
    const { origin } = request;
    if (rule === undefined) return origin === this.#home;
    const binds = rule(request, this.#wasSecure);
    this.#wasSecure ||= origin.startsWith('https:');
    return binds;
  }

  #fail(error: unknown): never {
    if (this.#signal?.aborted && error === this.#signal.reason) throw error;
    if (isAuthError(error)) throw withSafeCause(error);
    const message = `${this.#authenticator.getName()} could not provide a credential: ${reasonOf(error)}`;
    throw withSafeCause(new CredentialError(message, { cause: error }));
  }

  #stand({ request, status }: AuthResponse, reason: string): false {
    this.#log('response stands', request, { status, reason });
    return false;
  }

  #log(message: string, request: AuthRequest, fields?: object, describes?: boolean): void {
    const authenticator = this.#authenticator;
    const { log } = authenticator;
    if (!log.enabled) return;
    log.debug(message, {
      authenticator: authenticator.getName(),
      method: request.method,
      origin: request.origin,
      ...fields,
      ...(describes && authenticator.describeCredential?.(this.#credential as Credential)),
    });
  }
}
