/**
 * Authenticators by name, so that a configuration can choose one. The built-in ones stand in a table of their own
 * (built-in.ts): nothing registers itself on import, and bundlers drop what is not used.
 */

import { ConfigurationError } from '../errors.ts';
import type { CredentialFields } from '../fields/credential-fields.ts';
import type { Authenticator, AuthenticatorOptions } from '../lifecycle/contract.ts';

/** What `build` takes besides the credential fields: options that no configuration file can hold. */
export interface BuildOptions extends AuthenticatorOptions {
  /** Sends token requests. Default: that of `transport`, else the global `fetch`. */
  readonly fetch?: typeof fetch;
  /**
   * The transport for the proxy and TLS fields: `transportFor(fields)` of `authwire/node`. Give the same one to your
   * client. With it or with `fetch`, these fields count as applied. Default: none.
   */
  readonly transport?: {
    /** Sends through the transport. */
    readonly fetch: typeof fetch;
  };
  /** The wall clock, in milliseconds since the epoch. Default: `Date.now`. */
  readonly now?: () => number;
  /** Random bytes. Default: `crypto.getRandomValues`. */
  readonly random?: (bytes: number) => Uint8Array;
}

/** A class that a configuration can name. */
export interface AuthenticatorClass<A extends Authenticator = Authenticator> {
  /** The prototype of its instances. */
  readonly prototype: A;
  /** The name in configurations, such as `AuthBasic`. */
  getName(): string;
  /** One line for people who choose from a list. */
  getDesc(): string;
  /** Names of fields that only this class knows, besides the {@link CredentialFields}. Any other name is an error. */
  readonly fields?: readonly string[];
  /**
   * Makes an authenticator from flat credential fields. `buildAuthenticator` refuses the fields that were given and that
   * this doesn't read: {@link buildWith} reads those that all authenticators share.
   */
  build(fields: CredentialFields, options?: BuildOptions): A;
}

/** The classes that this copy of authwire was told of. */
const own = new WeakSet<AuthenticatorClass>();

const home: unique symbol = Symbol.for('authwire.addAuth.v1');

/** The classes that the copies in this process were told of, whichever way they were loaded. */
function shared(): Map<string, readonly AuthenticatorClass[]> {
  const place = globalThis as { [home]?: Map<string, readonly AuthenticatorClass[]> };
  place[home] ??= new Map();
  return place[home];
}

/**
 * Registers a class under its `getName()`, for all copies of authwire in the process. Works as a call and as a class
 * decorator.
 *
 * @example
 * addAuth(AuthTenant);
 * const auth = buildAuthenticator({ authType: 'AuthTenant' });
 * @throws {@link ConfigurationError} when the class lacks `getName` or `build`, or when another class has the name
 * already.
 */
export function addAuth<T extends AuthenticatorClass>(target: T, _context?: ClassDecoratorContext): T {
  if (typeof target?.getName !== 'function' || typeof target.build !== 'function') {
    throw new ConfigurationError('addAuth takes an authenticator class with static getName() and build().');
  }
  const name = target.getName();
  const namesakes = (shared().get(name) ?? []).filter((other) => other !== target);
  if (namesakes.some((other) => own.has(other))) {
    throw new ConfigurationError(
      `another authenticator is registered as '${name}': give yours a name of its own in getName().`,
    );
  }
  shared().set(name, [...namesakes, target]);
  own.add(target);
  return target;
}

/**
 * The classes that were registered with {@link addAuth}, by name. Where several copies know a class of one name, it is
 * that of this copy, else the last: a module that is loaded again, as Jest does, brings a new class of the old name.
 */
export function registeredAuthenticators(): ReadonlyMap<string, AuthenticatorClass> {
  const chosen = new Map<string, AuthenticatorClass>();
  for (const [name, classes] of shared()) {
    const target = classes.find((one) => own.has(one)) ?? classes.at(-1);
    if (target !== undefined) chosen.set(name, target);
  }
  return chosen;
}
