import { ConfigurationError } from '../../../errors.ts';
import { assertHeaderValue } from '../../../header-value.ts';
import { secretRegistrar } from '../../../oauth/registered-secrets.ts';
import { type TokenOption, type TokenSupply, tokenSupply } from '../../../oauth/token-option.ts';
import type { ProxyExchange, ProxyLogin } from './login.ts';

/**
 * A token in `Proxy-Authorization`, made anew once a proxy has refused it.
 *
 * @throws {@link ConfigurationError} for a format without `{}`, {@link CredentialError} for text that cannot be sent.
 */
export function tokenLogin(token: TokenOption, format = 'Bearer {}'): ProxyLogin {
  if (typeof format !== 'string' || !format.includes('{}')) {
    throw new ConfigurationError("option 'format' must be text with '{}' where the token belongs.", {
      option: 'format',
    });
  }
  const register = secretRegistrar('proxy');
  const supply = tokenSupply(token, 'the proxy token', (text) => register('token', text));
  return { mayBeChallenged: false, begin: () => new TokenExchange(supply, format) };
}

class TokenExchange implements ProxyExchange {
  readonly #supply: TokenSupply;
  readonly #format: string;
  #sent: string | undefined;
  #renewed = false;

  constructor(supply: TokenSupply, format: string) {
    this.#supply = supply;
    this.#format = format;
  }

  async authorize(): Promise<string> {
    const token = await this.#supply.get();
    // A function as replacement: in a string, `$&` would mean something.
    const header = this.#format.replace('{}', () => token);
    assertHeaderValue(header, 'the proxy token');
    this.#sent = token;
    return header;
  }

  /** Somebody else may have renewed it meanwhile. */
  async refused(): Promise<boolean> {
    const [sent, renewed] = [this.#sent, this.#renewed];
    this.#renewed = true;
    if (sent === undefined || renewed) return false;
    return (await this.#supply.get()) !== sent || (await this.#supply.renew(sent)) !== sent;
  }

  accepted(): void {}
}
