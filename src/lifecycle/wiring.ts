import { ConfigurationError } from '../errors.ts';
import { anything, oneOf, positiveMilliseconds, type Shape } from '../options.ts';
import { type Authenticator, isAuthenticator } from './contract.ts';
import type { HeaderPolicy } from './headers.ts';
import { type OriginRule, type Origins, originRule, reachesFurther } from './origins.ts';

/** Options that every adapter takes. */
export interface AdapterOptions {
  /**
   * Where the credential may travel; wins over the authenticator's own `origins`. Default: the origin of the client's
   * base URL. Where there is none of the three, a call fails before anything is sent.
   */
  readonly origins?: Origins;
  /**
   * What happens to a header of the same name that the caller set: `'overwrite'` replaces it, `'preserve'` keeps it.
   * Default: `'overwrite'`.
   */
  readonly headerPolicy?: HeaderPolicy;
  /**
   * How long a request may wait for its credential, in milliseconds. Default: for as long as the authenticator takes;
   * token sources have a deadline of their own.
   */
  readonly deadlineMs?: number;
}

export const adapterShape: Shape<AdapterOptions> = {
  // What is wrong with them, their rule says.
  origins: anything,
  headerPolicy: oneOf('overwrite', 'preserve'),
  deadlineMs: positiveMilliseconds,
};

/** An authenticator and the options of one adapter, checked once and shared by all its exchanges. */
export interface Wiring<Credential = unknown> {
  /** The authenticator. */
  readonly authenticator: Authenticator<Credential>;
  /** The origins that the credential may go to; `undefined` where nobody named any. */
  readonly rule: OriginRule | undefined;
  /** Are they the authenticator's own, about which it may learn more? */
  readonly learnsOrigins: boolean;
  /**
   * Must redirects be signed again? So it is where the credential can go to another origin than the one a call starts with,
   * and where it is good for one request only.
   */
  readonly signsHops: boolean;
  /** As in {@link AdapterOptions}. */
  readonly headerPolicy: HeaderPolicy;
  /** As in {@link AdapterOptions}. */
  readonly deadlineMs: number | undefined;
  /** The name of the adapter, for errors. */
  readonly what: string;
}

/**
 * Checks what an adapter was given.
 *
 * @param what - The adapter, for errors: `fetchAuth`.
 * @param options - Read by {@link readOptions}.
 * @throws {@link ConfigurationError} naming the option that is wrong.
 */
export function wire<Credential>(
  what: string,
  authenticator: Authenticator<Credential>,
  options: AdapterOptions,
): Wiring<Credential> {
  if (!isAuthenticator(authenticator)) {
    throw new ConfigurationError(`${what} takes an authenticator, such as new AuthBasic({ username, password }).`);
  }
  const { headerPolicy = 'overwrite', deadlineMs } = options;
  const origins = options.origins ?? authenticator.origins;
  return {
    authenticator,
    rule: originRule(origins),
    learnsOrigins: options.origins === undefined && authenticator.learnOrigins !== undefined,
    signsHops: authenticator.signsEachRequest === true || reachesFurther(origins),
    headerPolicy,
    deadlineMs,
    what,
  };
}
