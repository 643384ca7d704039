import { askSecret, givenSecret } from '../../../ask-secret.ts';
import { ConfigurationError } from '../../../errors.ts';
import { assertHeaderValue } from '../../../header-value.ts';
import { secretRegistrar } from '../../../oauth/registered-secrets.ts';
import type { TokenOption } from '../../../oauth/token-option.ts';
import { isSecret, type SecretOption } from '../../../secret.ts';
import type { Token } from '../../../tokens/token.ts';
import { TokenCache } from '../../../tokens/token-cache.ts';
import type { ProxyExchange, ProxyLogin } from './login.ts';

/** Gives tokens, and is told what became of them. */
interface Supply {
  get(): Token | Promise<Token>;
  /** Something better; the same when there is nothing. */
  renew(refused: Token): Token | Promise<Token>;
  accepted?(token: Token): void;
}

/**
 * A token in `Proxy-Authorization`, renewed once a proxy has refused it.
 *
 * @throws {@link ConfigurationError} for a format without `{}`, {@link CredentialError} for text that cannot be sent.
 */
export function tokenLogin(token: TokenOption, format = 'Bearer {}'): ProxyLogin {
  if (typeof format !== 'string' || !format.includes('{}')) {
    throw new ConfigurationError("option 'proxy.format' must be text with '{}' where the token belongs.", {
      option: 'proxy.format',
    });
  }
  const supply = supplyOf(token);
  const register = secretRegistrar();
  const headerOf = ({ accessToken }: Token) => {
    register('token', accessToken);
    // A function as replacement: in a string, `$&` would mean something.
    const header = format.replace('{}', () => accessToken);
    assertHeaderValue(header, WHAT);
    return header;
  };
  return { mayBeChallenged: false, begin: () => new TokenExchange(supply, headerOf) };
}

const WHAT = 'the proxy token';

function supplyOf(option: TokenOption): Supply {
  if (isSecretOption(option)) return fromSecret(option);
  if (option instanceof TokenCache) return option;
  if (typeof option?.requestToken === 'function') return new TokenCache(option);
  throw new ConfigurationError("option 'proxy.token' takes text, a secret, a function or a token source.", {
    option: 'proxy.token',
  });
}

function isSecretOption(option: TokenOption): option is SecretOption {
  return typeof option === 'string' || typeof option === 'function' || isSecret(option);
}

/** A function is asked each time: there is nothing to renew but what it says next. */
function fromSecret(option: SecretOption): Supply {
  givenSecret(option, WHAT, assertHeaderValue);
  const get = async () => ({ accessToken: await askSecret(option, WHAT, assertHeaderValue), tokenType: 'Bearer' });
  return { get, renew: get };
}

class TokenExchange implements ProxyExchange {
  readonly #supply: Supply;
  readonly #headerOf: (token: Token) => string;
  #sent: Token | undefined;
  #renewed = false;

  constructor(supply: Supply, headerOf: (token: Token) => string) {
    this.#supply = supply;
    this.#headerOf = headerOf;
  }

  async authorize(): Promise<string> {
    this.#sent = await this.#supply.get();
    return this.#headerOf(this.#sent);
  }

  async refused(): Promise<boolean> {
    const sent = this.#sent;
    if (sent === undefined || this.#renewed) return false;
    this.#renewed = true;
    return (await this.#supply.renew(sent)).accessToken !== sent.accessToken;
  }

  accepted(): void {
    if (this.#sent !== undefined) this.#supply.accepted?.(this.#sent);
  }
}
