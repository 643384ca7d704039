import { askSecret, givenSecret } from '../ask-secret.ts';
import { ConfigurationError, CredentialError } from '../errors.ts';
import { assertHeaderName, assertHeaderValue, unsendable } from '../header-value.ts';
import { authenticatorShape } from '../lifecycle/authenticator-shape.ts';
import { Authenticator, type AuthenticatorOptions, type AuthRequest } from '../lifecycle/contract.ts';
import { chain } from '../lifecycle/promises.ts';
import { pickOptions, readOptions, type Shape, secretOption, text } from '../options.ts';
import type { SecretOption } from '../secret.ts';

interface KeyOptions extends AuthenticatorOptions {
  /** The API key; a function is called for each request. */
  readonly key: SecretOption;
  /** Text before the key, separated by a space. Default: none. */
  readonly prefix?: string;
  /** Text after the key, separated by a space. Default: none. */
  readonly suffix?: string;
}

/** Options of {@link AuthApiKey}: the key goes into a header or into a cookie. */
export type AuthApiKeyOptions = KeyOptions &
  (
    | {
        /** The name of the header. Default: `Authorization`. */
        readonly header?: string;
        readonly cookie?: never;
      }
    | {
        /** The name of the cookie. */
        readonly cookie: string;
        readonly header?: never;
      }
  );

const SHAPE: Shape<AuthApiKeyOptions> = {
  ...authenticatorShape,
  key: secretOption,
  prefix: text,
  suffix: text,
  header: text,
  cookie: text,
};

/**
 * An API key in a header or a cookie.
 *
 * @example
 * const auth = new AuthApiKey({ header: 'x-api-key', key, origins: ['https://api.example.com'] });
 * const api = got.extend(gotAuth(auth));
 * @throws {@link CredentialError} for a key that cannot be sent, before any request.
 */
export class AuthApiKey extends Authenticator<string> {
  readonly #key: SecretOption;
  readonly #prefix: string;
  readonly #suffix: string;
  readonly #header: string;
  readonly #cookie: string | undefined;
  /** The value, where the key is given as text and can't change. */
  readonly #fixed: string | undefined;

  constructor(given: AuthApiKeyOptions) {
    const options = (new.target === AuthApiKey ? readOptions : pickOptions)<AuthApiKeyOptions>(
      'AuthApiKey',
      given,
      SHAPE,
    );
    super(options);
    if (options.header !== undefined && options.cookie !== undefined) {
      throw new ConfigurationError("options 'header' and 'cookie' exclude each other: give one.", { option: 'cookie' });
    }
    this.#header = options.header ?? 'authorization';
    this.#cookie = options.cookie;
    assertHeaderName(this.#header, 'header');
    if (this.#cookie !== undefined) assertHeaderName(this.#cookie, 'cookie');
    this.#prefix = around(options.prefix, 'prefix');
    this.#suffix = around(options.suffix, 'suffix');
    this.#key = options.key;
    const key = givenSecret(options.key, 'the API key', this.#check);
    if (key !== undefined) this.#fixed = this.#value(key);
  }

  static override getName(): string {
    return 'AuthApiKey';
  }

  override authenticate(): string | Promise<string> {
    if (this.#fixed !== undefined) return this.#fixed;
    return chain(askSecret(this.#key, 'the API key', this.#check), (key) => this.#value(key));
  }

  override modifyRequest(request: AuthRequest, value: string): void {
    if (this.#cookie === undefined) request.headers.set(this.#header, value);
    else request.headers.set('cookie', withCookie(request.headers.get('cookie'), this.#cookie, value));
  }

  readonly #check = (key: string, what: string): void => {
    if (key === '') throw new CredentialError(`${what} is empty.`);
    assertHeaderValue(key, what);
    if (this.#cookie !== undefined && key.includes(';')) {
      throw unsendable(what, 'a semicolon, which would end the cookie (RFC 6265 §4.1.1)');
    }
  };

  #value(key: string): string {
    this.updateSecret('key', key);
    return [this.#prefix, key, this.#suffix].filter((part) => part !== '').join(' ');
  }
}

function around(text = '', option: string): string {
  assertHeaderValue(text, `option '${option}'`);
  return text.trim();
}

/** The caller's cookies stay, but one of the same name. */
function withCookie(header: string | null, name: string, value: string): string {
  const others = (header ?? '').split(';').map((pair) => pair.trim());
  const kept = others.filter((pair) => pair !== '' && pair.split('=', 1)[0]?.trim() !== name);
  return [...kept, `${name}=${value}`].join('; ');
}
