import { askSecret, givenSecret } from '../ask-secret.ts';
import { ConfigurationError, CredentialError } from '../errors.ts';
import { assertHeaderValue } from '../header-value.ts';
import { authenticatorShape } from '../lifecycle/authenticator-shape.ts';
import { Authenticator, type AuthenticatorOptions, type AuthRequest } from '../lifecycle/contract.ts';
import { chain } from '../lifecycle/promises.ts';
import { pickOptions, readOptions, type Shape, secretOption, text } from '../options.ts';
import type { SecretOption } from '../secret.ts';

/** Options of {@link AuthQuery}. */
export interface AuthQueryOptions extends AuthenticatorOptions {
  /** The name of the query parameter. */
  readonly name: string;
  /** The key; a function is called for each request. */
  readonly key: SecretOption;
}

const SHAPE: Shape<AuthQueryOptions> = { ...authenticatorShape, name: text, key: secretOption };

/**
 * An API key in the query of the URL. URLs end up in logs and histories: take a header wherever the server lets you
 * (RFC 6750 §2.3 says why).
 *
 * @example
 * const api = fetchAuth(new AuthQuery({ name: 'api_key', key }), { baseUrl: 'https://api.example.com' });
 * @throws {@link CredentialError} for an empty key or one with line breaks, before any request.
 */
export class AuthQuery extends Authenticator<string> {
  readonly #name: string;
  readonly #key: SecretOption;
  #last: string | undefined;
  /** The key, where it is given as text and can't change. */
  readonly #fixed: string | undefined;

  constructor(given: AuthQueryOptions) {
    const options = (new.target === AuthQuery ? readOptions : pickOptions)<AuthQueryOptions>('AuthQuery', given, SHAPE);
    super(options);
    if (typeof options.name !== 'string' || options.name === '') {
      throw new ConfigurationError("option 'name' must be the name of the query parameter.", { option: 'name' });
    }
    this.#name = options.name;
    this.#key = options.key;
    const key = givenSecret(options.key, 'the API key', check);
    if (key !== undefined) this.#fixed = this.#learn(key);
  }

  static override getName(): string {
    return 'AuthQuery';
  }

  override authenticate(): string | Promise<string> {
    if (this.#fixed !== undefined) return this.#fixed;
    return chain(askSecret(this.#key, 'the API key', check), (key) => this.#learn(key));
  }

  override modifyRequest(request: AuthRequest, key: string): void {
    const url = new URL(request.url);
    url.search = withParameter(url.search, this.#name, key);
    request.url = url;
  }

  #learn(key: string): string {
    if (this.#last !== key) this.updateSecret('key', key);
    this.#last = key;
    return key;
  }
}

function check(key: string, what: string): void {
  if (key === '') throw new CredentialError(`${what} is empty.`);
  assertHeaderValue(key, what);
}

/** Leaves the caller's other parameters as they are: `searchParams` would serialise all of them again. */
function withParameter(search: string, name: string, value: string): string {
  const pairs = search.slice(1).split('&');
  const kept = pairs.filter((pair) => pair !== '' && !new URLSearchParams(`&${pair}`).has(name));
  return `?${[...kept, new URLSearchParams([[name, value]])].join('&')}`;
}
