import type { DigestAnswer } from '../../digest/answer.ts';
import type { DigestLogin } from '../../digest/key.ts';
import type { DigestSession } from '../../digest/session.ts';
import type { DigestRemedy } from '../../digest/spaces.ts';

/** What one call of the user presents: a login, and what its answers so far have come to. */
export class DigestCall {
  readonly #login: DigestLogin;
  /** What the last wire attempt carried; `undefined`: nothing, because no nonce was known. */
  proof: { readonly session: DigestSession; readonly answer: DigestAnswer } | undefined;
  /** The nonce that its own refusal has brought: no other call can have used it up. */
  remedy: DigestRemedy | undefined;
  /** The remedy is new, and the exchange has signed again once already. */
  isWorthRenewal = false;

  constructor(login: DigestLogin, remedy?: DigestRemedy) {
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
