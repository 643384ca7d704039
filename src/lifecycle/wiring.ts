import { ConfigurationError } from '../errors.ts';
import { type Authenticator, isAuthenticator } from './contract.ts';
import type { HeaderPolicy } from './headers.ts';
import { type OriginRule, type Origins, originRule, reachesFurther } from './origins.ts';

/** Options that every adapter takes. */
export interface AdapterOptions {
  /**
   * Where the credential may travel; wins over the authenticator's own `origins`. Default: the origin of the client's
   * base URL, else the origin of each call's URL.
   */
  readonly origins?: Origins;
  /** Whether ours replaces a header that the caller set (`'overwrite'`, the default) or his stays (`'preserve'`). */
  readonly headerPolicy?: HeaderPolicy;
  /**
   * How long a request may wait for its credential, in milliseconds. Default: for as long as the authenticator takes;
   * token sources have a deadline of their own.
   */
  readonly deadlineMs?: number;
}

/** An authenticator and the options of one adapter, checked once and shared by all its exchanges. */
export interface Wiring<Credential = unknown> {
  readonly authenticator: Authenticator<Credential>;
  readonly rule: OriginRule | undefined;
  /** Are they the authenticator's own, about which it may learn more? */
  readonly learnsOrigins: boolean;
  /**
   * Must redirects be signed anew? So it is where the credential can go to another origin than the one a call starts with,
   * and where it is good for one request only.
   */
  readonly signsHops: boolean;
  readonly headerPolicy: HeaderPolicy;
  readonly deadlineMs: number | undefined;
}

/**
 * Checks what an adapter was given.
 *
 * @throws {@link ConfigurationError} naming the option that is wrong.
 */
export function wire<Credential>(
  authenticator: Authenticator<Credential>,
  options: AdapterOptions = {},
): Wiring<Credential> {
  if (!isAuthenticator(authenticator)) {
    throw new ConfigurationError(
      'the first argument must be an authenticator, such as new AuthBasic({ username, password }).',
    );
  }
  const { headerPolicy = 'overwrite', deadlineMs } = options;
  if (headerPolicy !== 'overwrite' && headerPolicy !== 'preserve') {
    throw new ConfigurationError("option 'headerPolicy' is 'overwrite' or 'preserve'.", { option: 'headerPolicy' });
  }
  if (deadlineMs !== undefined && !(deadlineMs > 0)) {
    throw new ConfigurationError("option 'deadlineMs' is a positive number of milliseconds.", { option: 'deadlineMs' });
  }
  const origins = options.origins ?? authenticator.origins;
  return {
    authenticator,
    rule: originRule(origins),
    learnsOrigins: options.origins === undefined && authenticator.learnOrigins !== undefined,
    signsHops: authenticator.signsEachRequest === true || reachesFurther(origins),
    headerPolicy,
    deadlineMs,
  };
}
