import { askSecret, givenSecret } from '../ask-secret.ts';
import { authenticatorShape } from '../lifecycle/authenticator-shape.ts';
import { Authenticator, type AuthenticatorOptions, type AuthRequest } from '../lifecycle/contract.ts';
import { chain } from '../lifecycle/promises.ts';
import { assertUsername, BASIC_ENCODINGS, type BasicEncoding, basicCredentials } from '../oauth/basic-credentials.ts';
import { oneOf, pickOptions, readOptions, type Shape, secretOption } from '../options.ts';
import type { SecretOption } from '../secret.ts';
import { assertSecretText } from '../secret-text.ts';

/** Options of {@link AuthBasic}. */
export interface AuthBasicOptions extends AuthenticatorOptions {
  /** The user name, without a colon (RFC 7617 §2); a function is called for each request. */
  readonly username: SecretOption;
  /** The password; a function is called for each request. */
  readonly password: SecretOption;
  /** What is encoded before base64. Default: `'raw'`, nothing. */
  readonly encoding?: BasicEncoding;
}

const SHAPE: Shape<AuthBasicOptions> = {
  ...authenticatorShape,
  username: secretOption,
  password: secretOption,
  encoding: oneOf(...BASIC_ENCODINGS),
};

/**
 * User name and password in the `Authorization` header (RFC 7617), in UTF-8.
 *
 * @example
 * const api = fetchAuth(new AuthBasic({ username: 'ada', password }), { baseUrl: 'https://api.example.com' });
 * @throws {@link CredentialError} for a colon in the user name or a control character, before any request is sent.
 */
export class AuthBasic extends Authenticator<string> {
  readonly #username: SecretOption;
  readonly #password: SecretOption;
  readonly #encoding: BasicEncoding;
  /** The header, where both parts are given as text and can't change. */
  readonly #fixed: string | undefined;

  constructor(given: AuthBasicOptions) {
    const options = (new.target === AuthBasic ? readOptions : pickOptions)<AuthBasicOptions>('AuthBasic', given, SHAPE);
    super(options);
    const { username, password, encoding = 'raw' } = options;
    this.#username = username;
    this.#password = password;
    this.#encoding = encoding;
    const user = givenSecret(username, 'the user name', this.#checkUsername);
    const secret = givenSecret(password, 'the password', assertSecretText);
    if (user !== undefined && secret !== undefined) this.#fixed = this.#header(user, secret);
  }

  static override getName(): string {
    return 'AuthBasic';
  }

  override authenticate(): string | Promise<string> {
    if (this.#fixed !== undefined) return this.#fixed;
    return chain(askSecret(this.#username, 'the user name', this.#checkUsername), (username) =>
      chain(askSecret(this.#password, 'the password', assertSecretText), (password) =>
        this.#header(username, password),
      ),
    );
  }

  override modifyRequest(request: AuthRequest, header: string): void {
    request.headers.set('authorization', header);
  }

  readonly #checkUsername = (value: string, what: string): void => assertUsername(value, what, this.#encoding);

  #header(username: string, password: string): string {
    const encoded = basicCredentials(username, password, this.#encoding);
    this.updateSecret('password', password);
    this.updateSecret('basic', encoded);
    return `Basic ${encoded}`;
  }
}
