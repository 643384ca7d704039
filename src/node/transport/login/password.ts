import { askSecret, givenSecret } from '../../../ask-secret.ts';
import { type Challenge, type FieldText, parseAuthParams, parseChallenges } from '../../../challenge/parse.ts';
import { strongestChallenges } from '../../../challenge/select.ts';
import type { DigestAnswer } from '../../../digest/answer.ts';
import type { DigestNonce } from '../../../digest/nonce.ts';
import { DigestSession } from '../../../digest/session.ts';
import { assertUsername, basicCredentials } from '../../../oauth/basic-credentials.ts';
import { secretRegistrar } from '../../../oauth/registered-secrets.ts';
import type { SecretOption } from '../../../secret.ts';
import { assertSecretText } from '../../../secret-text.ts';
import type { ProxyExchange, ProxyLogin, ProxyRequest } from './login.ts';

export type PasswordScheme = 'basic' | 'digest';

export interface PasswordLoginOptions {
  readonly username: SecretOption;
  readonly password: SecretOption;
  /** Default: the strongest that the proxy offers. */
  readonly scheme?: PasswordScheme | undefined;
}

/**
 * User name and password, by Basic (RFC 7617) or Digest (RFC 7616).
 *
 * @throws {@link CredentialError} for a colon in the user name or a control character.
 */
export function passwordLogin(options: PasswordLoginOptions): ProxyLogin {
  givenSecret(options.username, "the proxy's user name", assertUsername);
  const given = givenSecret(options.password, "the proxy's password", assertSecretText);
  const login = new PasswordLogin(options);
  if (given !== undefined) login.register('password', given);
  return login;
}

class PasswordLogin implements ProxyLogin {
  readonly session = new DigestSession();
  /** What is answered. A proxy that has accepted Digest is not believed that it knows nothing but Basic. */
  schemes: readonly PasswordScheme[];
  readonly register = secretRegistrar();
  /** What the proxy wanted last. */
  scheme: PasswordScheme | undefined;
  readonly #options: PasswordLoginOptions;

  constructor(options: PasswordLoginOptions) {
    this.#options = options;
    this.schemes = options.scheme === undefined ? ['digest', 'basic'] : [options.scheme];
    this.scheme = options.scheme === 'basic' ? 'basic' : undefined;
  }

  get mayBeChallenged(): boolean {
    return this.scheme !== 'basic';
  }

  begin(): ProxyExchange {
    return new PasswordExchange(this);
  }

  async ask(): Promise<{ username: string; password: string }> {
    const username = await askSecret(this.#options.username, "the proxy's user name", assertUsername);
    const password = await askSecret(this.#options.password, "the proxy's password", assertSecretText);
    this.register('password', password);
    return { username, password };
  }
}

class PasswordExchange implements ProxyExchange {
  readonly #login: PasswordLogin;
  /** What the last try carried. */
  #sent: string | undefined;
  #answer: DigestAnswer | undefined;
  /** From the challenge that has just come. */
  #nonce: DigestNonce | undefined;
  #tries = 0;

  constructor(login: PasswordLogin) {
    this.#login = login;
  }

  async authorize(request: ProxyRequest): Promise<string | undefined> {
    this.#answer = undefined;
    this.#sent = undefined;
    if (this.#login.scheme === 'basic') this.#sent = await this.#basic();
    else if (this.#login.scheme === 'digest') this.#sent = await this.#digest(request);
    return this.#sent;
  }

  /** A first refusal may be news of the scheme, a second of the nonce. Nobody has reasons for a fourth. */
  async refused(field: FieldText): Promise<boolean> {
    this.#tries += 1;
    const { schemes, session } = this.#login;
    const challenges = strongestChallenges(parseChallenges(field), schemes);
    const scheme = challenges[0]?.scheme as PasswordScheme | undefined;
    if (scheme === undefined || this.#tries > 3) return false;
    this.#login.scheme = scheme;
    if (scheme === 'digest') return this.#learn(challenges, session);
    return this.#sent === undefined || this.#answer !== undefined || (await this.#basic()) !== this.#sent;
  }

  accepted(field: FieldText): void {
    if (this.#answer === undefined) return;
    this.#login.schemes = ['digest'];
    this.#login.session.accept(this.#answer, parseAuthParams(field));
  }

  #learn(challenges: readonly Challenge[], session: DigestSession): boolean {
    this.#nonce = session.learn(challenges, this.#answer);
    return this.#nonce !== undefined;
  }

  async #basic(): Promise<string> {
    const { username, password } = await this.#login.ask();
    const encoded = basicCredentials(username, password);
    this.#login.register('basic', encoded);
    return `Basic ${encoded}`;
  }

  async #digest(request: ProxyRequest): Promise<string | undefined> {
    const { session } = this.#login;
    const login = await this.#login.ask();
    const nonce = this.#nonce ?? session.nonce;
    this.#nonce = undefined;
    this.#answer = session.answer(request, login, nonce);
    return this.#answer?.header;
  }
}
