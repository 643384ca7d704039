import { utf8 } from './binary-text.ts';
import type { DigestChallenge } from './challenge.ts';
import { hashText } from './hash.ts';

/** Who answers. */
export interface DigestLogin {
  readonly username: string;
  readonly password: string;
}

/** The hash of user name, realm and password (RFC 7616 §3.4.2, without what `-sess` adds): it stands for the password. */
export class DigestKey {
  readonly #login: DigestLogin;
  readonly #challenge: Pick<DigestChallenge, 'realm' | 'algorithm'>;
  readonly #ha1: string;
  /** A server has let somebody in by it. */
  isAccepted = false;
  /** It is registered as a secret. */
  isMasked = false;

  constructor(login: DigestLogin, challenge: Pick<DigestChallenge, 'realm' | 'algorithm'>) {
    const { username, password } = login;
    this.#login = { username, password };
    this.#challenge = challenge;
    this.#ha1 = hashText(challenge.algorithm.hash, `${utf8(username)}:${challenge.realm}:${utf8(password)}`);
  }

  /** Is this the key of that login for that challenge? */
  fits(login: DigestLogin, { realm, algorithm }: DigestChallenge): boolean {
    const { username, password } = this.#login;
    if (username !== login.username || password !== login.password) return false;
    return this.#challenge.realm === realm && this.#challenge.algorithm.hash === algorithm.hash;
  }

  /** @internal A credential: it can be used instead of the password. */
  reveal(): string {
    return this.#ha1;
  }
}
