import type { CredentialFields } from '../fields/credential-fields.ts';
import { parseCredentialFields } from '../fields/parse.ts';
import { buildWith } from '../lifecycle/build.ts';
import { Authenticator } from '../lifecycle/contract.ts';
import type { BuildOptions } from '../lifecycle/registry.ts';

/** No authentication: requests and responses pass as they are. */
export class AuthNone extends Authenticator<undefined> {
  static override getName(): string {
    return 'AuthNone';
  }

  static getDesc(): string {
    return 'No authentication';
  }

  static build(fields: CredentialFields, options: BuildOptions = {}): AuthNone {
    parseCredentialFields(fields);
    return buildWith(fields, options, (common) => new AuthNone(common));
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
