import { authenticatorShape } from '../lifecycle/authenticator-shape.ts';
import { Authenticator, type AuthenticatorOptions } from '../lifecycle/contract.ts';
import { pickOptions, readOptions } from '../options.ts';

/** No authentication: requests and responses pass as they are. */
export class AuthNone extends Authenticator<undefined> {
  /** There is no credential that anybody would have to bind. */
  constructor(given: AuthenticatorOptions = {}) {
    const read = new.target === AuthNone ? readOptions : pickOptions;
    super({ origins: '*', ...read<AuthenticatorOptions>('AuthNone', given, authenticatorShape) });
  }

  static override getName(): string {
    return 'AuthNone';
  }

  override authenticate(): undefined {
    return undefined;
  }

  override modifyRequest(): void {}

  /** Every answer stands: there is nothing to renew. */
  override checkResult(): true {
    return true;
  }
}
