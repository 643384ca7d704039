import type { DigestAnswer } from '../../digest/answer.ts';
import type { DigestLogin } from '../../digest/key.ts';
import type { DigestSession } from '../../digest/session.ts';
import type { DigestRemedy } from '../../digest/spaces.ts';

/** What one call of the user presents: a login, and what its answers so far have come to. */
export class DigestCall {
  readonly #login: DigestLogin;
  /** What the last wire attempt carried; `undefined`: nothing, because no nonce was known. */
  proof: { readonly session: DigestSession; readonly answer: DigestAnswer } | undefined;
  /** Where the last wire attempt went: behind a redirect, the last hop. */
  place = '';
  /** The nonce that its own refusal has brought, for the place where that was: no other call can have used it up. */
  remedy: (DigestRemedy & { readonly place: string }) | undefined;
  /** The remedy is new, and the exchange has signed again once already. */
  isWorthRenewal = false;

  constructor(login: DigestLogin, remedy?: DigestCall['remedy']) {
    this.#login = login;
    this.remedy = remedy;
  }

  /** @internal Holds the password. */
  reveal(): DigestLogin {
    return this.#login;
  }

  /** What to present after a refusal; the call itself where there is nothing better. */
  after(login: DigestLogin): DigestCall {
    if (login !== this.#login) return new DigestCall(login);
    return this.isWorthRenewal ? new DigestCall(login, this.remedy) : this;
  }
}
