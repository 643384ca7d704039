import type { CredentialFields } from '../fields/credential-fields.ts';
import type { Authenticator } from '../lifecycle/contract.ts';
import { buildWith } from './build-with.ts';
import type { AuthenticatorClass, BuildOptions } from './registry.ts';

/** A class, as far as a builder needs it. */
interface Named<A> {
  readonly prototype: A;
  getName(): string;
}

/**
 * The builder of a built-in scheme. It stands outside the class, so that programs that read no configuration don't
 * carry the fields.
 *
 * @param description - One line for people who choose from a list.
 * @param make - Makes the authenticator from the scheme's own fields; {@link buildWith} does the rest.
 */
export function builder<A extends Authenticator, Options extends BuildOptions>(
  target: Named<A>,
  description: string,
  make: (fields: CredentialFields, options: Options) => A,
): AuthenticatorClass<A> {
  return {
    prototype: target.prototype,
    getName: () => target.getName(),
    getDesc: () => description,
    build: (fields, options = {}) => buildWith(fields, options, () => make(fields, options as Options)),
  };
}
