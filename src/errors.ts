/**
 * The family of errors that authwire throws. A message says what was tried, what came back and what to do next; it
 * names the option or field, and never holds a secret or raw server text.
 */

import type { Secret } from './secret.ts';

/** Stable codes: branch on these, never on messages. */
export type AuthErrorCode =
  | 'ERR_AUTH_CONFIGURATION'
  | 'ERR_AUTH_CREDENTIAL'
  | 'ERR_AUTH_REFUSED'
  | 'ERR_AUTH_TIMEOUT'
  | 'ERR_AUTH_TOKEN_ENDPOINT'
  | 'ERR_AUTH_LOGIN_REQUIRED'
  | 'ERR_AUTH_STEP_UP_REQUIRED'
  | 'ERR_AUTH_MULTI_FACTOR_REQUIRED'
  | 'ERR_AUTH_ENDPOINT_NOT_FOUND'
  | 'ERR_AUTH_STORE'
  | 'ERR_AUTH_CHALLENGE'
  | 'ERR_AUTH_PROXY'
  | 'ERR_AUTH_TLS';

/** Options of {@link AuthError}. */
export interface AuthErrorOptions extends ErrorOptions {
  /** Default: `ERR_AUTH_CREDENTIAL`. */
  readonly code?: AuthErrorCode;
}

/** A registered symbol, so that the error of one copy of authwire is recognised by another copy. */
const brand = Symbol.for('authwire.AuthError');

/** The base class of all errors of authwire: a stable `code`, and the `cause` where there is one. */
export class AuthError extends Error {
  /** The stable code to branch on. */
  readonly code: AuthErrorCode;

  constructor(message: string, options: AuthErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = options.code ?? 'ERR_AUTH_CREDENTIAL';
  }

  /** @internal */
  get [brand](): true {
    return true;
  }
}

/** An option or credential field is missing, impossible or contradictory. Thrown before any I/O. */
export class ConfigurationError extends AuthError {
  /** The option or field to correct. */
  readonly option: string | undefined;

  constructor(
    message: string,
    options: ErrorOptions & {
      /** The option or field to correct. Default: `undefined`. */
      readonly option?: string;
    } = {},
  ) {
    super(message, { ...options, code: 'ERR_AUTH_CONFIGURATION' });
    this.option = options.option;
  }
}

/** A credential cannot be obtained or cannot be sent: a function threw, a value is missing or malformed. */
export class CredentialError extends AuthError {}

/** A server refused the credential. */
export class AuthenticationError extends AuthError {
  /** The HTTP status of the refusal; `undefined` where there was none. */
  readonly status: number | undefined;

  constructor(
    message: string,
    options: ErrorOptions & {
      /** The HTTP status of the refusal. Default: `undefined`. */
      readonly status?: number;
    } = {},
  ) {
    super(message, { ...options, code: 'ERR_AUTH_REFUSED' });
    this.status = options.status;
  }
}

/**
 * Why a token endpoint gave no token: an OAuth `error` (RFC 6749 §5.2), an HTTP status, a response that cannot be read,
 * the network, or the deadline.
 */
export type TokenEndpointErrorKind = 'oauth-error' | 'http-status' | 'malformed' | 'network' | 'timeout';

/** Options of {@link TokenEndpointError}: its properties. */
export interface TokenEndpointErrorOptions extends ErrorOptions {
  /** Why there is no token. */
  readonly kind: TokenEndpointErrorKind;
  /** RFC 6749 §5.2 `error`. Default: `undefined`. */
  readonly error?: string;
  /** RFC 6749 §5.2 `error_description`. Default: `undefined`. */
  readonly errorDescription?: string;
  /** The HTTP status. Default: `undefined`. */
  readonly status?: number;
  /** Milliseconds since the epoch. Default: `undefined`. */
  readonly retryAt?: number;
}

/** A token endpoint gave no token. */
export class TokenEndpointError extends AuthError {
  /** Why there is no token. */
  readonly kind: TokenEndpointErrorKind;
  /** RFC 6749 §5.2 `error`, such as `invalid_grant`. */
  readonly error: string | undefined;
  /** RFC 6749 §5.2 `error_description`, escaped, masked and at most 1,000 characters. */
  readonly errorDescription: string | undefined;
  /** The HTTP status of the response; `undefined` where none came. */
  readonly status: number | undefined;
  /** The earliest time of another request, from `Retry-After`, in milliseconds since the epoch. */
  readonly retryAt: number | undefined;

  constructor(message: string, options: TokenEndpointErrorOptions) {
    super(message, { cause: options.cause, code: 'ERR_AUTH_TOKEN_ENDPOINT' });
    this.kind = options.kind;
    this.error = options.error;
    this.errorDescription = options.errorDescription;
    this.status = options.status;
    this.retryAt = options.retryAt;
  }
}

/** A user has to sign in: there is no token, and no grant that works without a user. */
export class LoginRequiredError extends AuthError {
  constructor(message: string, options: ErrorOptions = {}) {
    super(message, { ...options, code: 'ERR_AUTH_LOGIN_REQUIRED' });
  }
}

/** Options of {@link StepUpRequiredError}: its properties. */
export interface StepUpRequiredErrorOptions extends ErrorOptions {
  /** Separated by spaces. Default: `undefined`. */
  readonly acrValues?: string;
  /** In milliseconds. Default: `undefined`. */
  readonly maxAgeMs?: number;
  /** The origin of the API. Default: `undefined`. */
  readonly origin?: string;
}

/** The token is valid, but the API wants the user to authenticate again or more strongly (RFC 9470). */
export class StepUpRequiredError extends AuthError {
  /**
   * The authentication context classes that the API accepts, separated by spaces, in order of preference (RFC 9470 §3).
   */
  readonly acrValues: string | undefined;
  /** How long ago the user may have authenticated, in milliseconds (`max_age`, RFC 9470 §3). */
  readonly maxAgeMs: number | undefined;
  /** The origin of the API. */
  readonly origin: string | undefined;

  constructor(message: string, options: StepUpRequiredErrorOptions = {}) {
    super(message, { cause: options.cause, code: 'ERR_AUTH_STEP_UP_REQUIRED' });
    this.acrValues = options.acrValues;
    this.maxAgeMs = options.maxAgeMs;
    this.origin = options.origin;
  }
}

/** Options of {@link MultiFactorRequiredError}: its properties. */
export interface MultiFactorRequiredErrorOptions extends ErrorOptions {
  /** The receipt of the methods that have succeeded. */
  readonly receipt: Secret;
  /** The methods that have succeeded. */
  readonly methods: readonly string[];
  /** The combinations of methods that Keystone accepts. */
  readonly requiredMethods: readonly (readonly string[])[];
  /** Milliseconds since the epoch. Default: `undefined`. */
  readonly expiresAt?: number;
}

/** Keystone accepted the methods given and requires further ones. The receipt proves those that have succeeded. */
export class MultiFactorRequiredError extends AuthError {
  /** Pass it as option `receipt` of the next login, together with the missing method. */
  readonly receipt: Secret;
  /** The methods that have succeeded, such as `password`. */
  readonly methods: readonly string[];
  /** The combinations of methods that Keystone accepts, such as `['password', 'totp']`. */
  readonly requiredMethods: readonly (readonly string[])[];
  /** When the receipt expires, in milliseconds since the epoch; `undefined` where the server does not say. */
  readonly expiresAt: number | undefined;

  constructor(message: string, options: MultiFactorRequiredErrorOptions) {
    super(message, { cause: options.cause, code: 'ERR_AUTH_MULTI_FACTOR_REQUIRED' });
    this.receipt = options.receipt;
    this.methods = options.methods;
    this.requiredMethods = options.requiredMethods;
    this.expiresAt = options.expiresAt;
  }
}

/** An endpoint of a service catalogue, as {@link EndpointNotFoundError} lists it. */
export interface AvailableEndpoint {
  /** The type of service, such as `compute`. */
  readonly serviceType: string;
  /** The region; `undefined` where the catalogue names none. */
  readonly region: string | undefined;
  /** `public`, `internal` or `admin`. */
  readonly interface: string;
}

/** The service catalogue has no endpoint that matches, or several different ones. */
export class EndpointNotFoundError extends AuthError {
  /** The endpoints of the catalogue. */
  readonly available: readonly AvailableEndpoint[];

  constructor(
    message: string,
    options: ErrorOptions & {
      /** The endpoints of the catalogue. */
      readonly available: readonly AvailableEndpoint[];
    },
  ) {
    super(message, { ...options, code: 'ERR_AUTH_ENDPOINT_NOT_FOUND' });
    this.available = options.available;
  }
}

/** A server's challenge, or metadata that it refers to, cannot be answered or must not be trusted. */
export class ChallengeError extends AuthError {
  constructor(message: string, options: ErrorOptions = {}) {
    super(message, { ...options, code: 'ERR_AUTH_CHALLENGE' });
  }
}

/** A token store could not be read or written. */
export class StoreError extends AuthError {
  constructor(message: string, options: ErrorOptions = {}) {
    super(message, { ...options, code: 'ERR_AUTH_STORE' });
  }
}

/** Is this an error of authwire, whichever installed copy threw it? */
export function isAuthError(value: unknown): value is AuthError {
  return typeof value === 'object' && value !== null && (value as { [brand]?: boolean })[brand] === true;
}
