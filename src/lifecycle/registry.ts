/**
 * Authenticators by name, so that a configuration can choose one. The built-in ones stand in a table of their own
 * (src/authenticators/build.ts): nothing registers itself on import, and bundlers drop what is not used.
 */

import { ConfigurationError } from '../errors.ts';
import type { CredentialFields } from '../fields/credential-fields.ts';
import type { Authenticator, AuthenticatorOptions } from './contract.ts';

/** What `build` gets beside the credential fields: things that no configuration file can hold. */
export interface BuildOptions extends AuthenticatorOptions {
  /** For token requests. Default: the transport's, else the global `fetch`. */
  readonly fetch?: typeof fetch;
  /**
   * The way to the network that the fields for proxies and TLS ask for: `transportFor(fields)` of `authwire/node`. Give
   * the same one to your client. With it, or with `fetch`, these fields are taken to be honoured.
   */
  readonly transport?: { readonly fetch: typeof fetch };
  /** The wall clock, in milliseconds since the epoch. Default: `Date.now`. */
  readonly now?: () => number;
  /** Random bytes. Default: `crypto.getRandomValues`. */
  readonly random?: (bytes: number) => Uint8Array;
}

/** A class that a configuration can name. */
export interface AuthenticatorClass<A extends Authenticator = Authenticator> {
  readonly prototype: A;
  /** The name in configurations, such as `AuthBasic`. */
  getName(): string;
  /** One line for people who choose from a list. */
  getDesc(): string;
  /** Names of fields that only this class knows, beside the {@link CredentialFields}. Any other name is an error. */
  readonly fields?: readonly string[];
  /** Makes an authenticator from flat credential fields. */
  build(fields: CredentialFields, options?: BuildOptions): A;
}

const registry = new Map<string, AuthenticatorClass>();

/**
 * Registers a class under its `getName()`. Works as a call and as a class decorator.
 *
 * @example
 * addAuth(AuthTenant);
 * const auth = buildAuthenticator({ authType: 'AuthTenant' });
 * @throws {@link ConfigurationError} when the class lacks `getName` or `build`, or another class has the name already.
 */
export function addAuth<T extends AuthenticatorClass>(target: T, _context?: ClassDecoratorContext): T {
  if (typeof target?.getName !== 'function' || typeof target.build !== 'function') {
    throw new ConfigurationError('addAuth takes an authenticator class with static getName() and build().');
  }
  const name = target.getName();
  const registered = registry.get(name);
  if (registered !== undefined && registered !== target) {
    throw new ConfigurationError(
      `another authenticator is registered as '${name}': give yours a name of its own in getName().`,
    );
  }
  registry.set(name, target);
  return target;
}

/** The classes that were registered with {@link addAuth}, by name. */
export function registeredAuthenticators(): ReadonlyMap<string, AuthenticatorClass> {
  return registry;
}
