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

export interface AuthErrorOptions extends ErrorOptions {
  readonly code?: AuthErrorCode;
}

/** A registered symbol, so that the error of one copy of authwire is recognised by another copy. */
const brand = Symbol.for('authwire.AuthError');

/** What all errors of authwire have in common: a stable `code`, and the `cause` where there is one. */
export class AuthError extends Error {
  readonly code: AuthErrorCode;

  constructor(message: string, options: AuthErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = options.code ?? 'ERR_AUTH_CREDENTIAL';
    Object.defineProperty(this, brand, { value: true });
  }
}

/** An option or credential field is missing, impossible or contradictory. Thrown before any I/O. */
export class ConfigurationError extends AuthError {
  /** The option or field to correct. */
  readonly option: string | undefined;

  constructor(message: string, options: ErrorOptions & { readonly option?: string } = {}) {
    super(message, { ...options, code: 'ERR_AUTH_CONFIGURATION' });
    this.option = options.option;
  }
}

/** A secret could not be had: a function threw, a value cannot be sent, nothing was there. */
export class CredentialError extends AuthError {
  constructor(message: string, options: AuthErrorOptions = {}) {
    super(message, { ...options, code: options.code ?? 'ERR_AUTH_CREDENTIAL' });
  }
}

/** A server refused who we say we are. */
export class AuthenticationError extends AuthError {
  /** The HTTP status of the refusal, where there was one. */
  readonly status: number | undefined;

  constructor(message: string, options: ErrorOptions & { readonly status?: number } = {}) {
    super(message, { ...options, code: 'ERR_AUTH_REFUSED' });
    this.status = options.status;
  }
}

export type TokenEndpointErrorKind = 'oauth-error' | 'http-status' | 'malformed' | 'network' | 'timeout';

export interface TokenEndpointErrorOptions extends ErrorOptions {
  readonly kind: TokenEndpointErrorKind;
  readonly error?: string;
  readonly errorDescription?: string;
  readonly status?: number;
  readonly retryAt?: number;
}

/** A token endpoint did not give a token. */
export class TokenEndpointError extends AuthError {
  /** What went wrong: an OAuth `error`, an HTTP status, an unreadable answer, the network, or the deadline. */
  readonly kind: TokenEndpointErrorKind;
  /** RFC 6749 §5.2 `error`, such as `invalid_grant`. */
  readonly error: string | undefined;
  /** RFC 6749 §5.2 `error_description`, escaped, masked and at most 1,000 characters. */
  readonly errorDescription: string | undefined;
  readonly status: number | undefined;
  /** When the server allows the next try (`Retry-After`), in milliseconds since the epoch. */
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

/** Only a person can go on: no token, and no grant that works without a login. */
export class LoginRequiredError extends AuthError {
  constructor(message: string, options: ErrorOptions = {}) {
    super(message, { ...options, code: 'ERR_AUTH_LOGIN_REQUIRED' });
  }
}

export interface StepUpRequiredErrorOptions extends ErrorOptions {
  readonly acrValues?: string;
  readonly maxAgeMs?: number;
  readonly origin?: string;
}

/** The token is good, but the user must prove more, or again, who they are (RFC 9470). */
export class StepUpRequiredError extends AuthError {
  /** The authentication context classes that would do, separated by spaces; the server likes the first one best. */
  readonly acrValues: string | undefined;
  /** How long ago the user may have authenticated, in milliseconds. */
  readonly maxAgeMs: number | undefined;
  /** The origin of the API that asks for it. */
  readonly origin: string | undefined;

  constructor(message: string, options: StepUpRequiredErrorOptions = {}) {
    super(message, { cause: options.cause, code: 'ERR_AUTH_STEP_UP_REQUIRED' });
    this.acrValues = options.acrValues;
    this.maxAgeMs = options.maxAgeMs;
    this.origin = options.origin;
  }
}

export interface MultiFactorRequiredErrorOptions extends ErrorOptions {
  readonly receipt: Secret;
  readonly methods: readonly string[];
  readonly requiredMethods: readonly (readonly string[])[];
  readonly expiresAt?: number;
}

/** What was proved is right, but Keystone wants more of it: a receipt stands for what is proved already. */
export class MultiFactorRequiredError extends AuthError {
  /** Stands for the methods that have succeeded; the option `receipt` of the next login takes it. */
  readonly receipt: Secret;
  /** The methods that have succeeded, such as `password`. */
  readonly methods: readonly string[];
  /** Each list is a combination of methods that would do, such as `['password', 'totp']`. */
  readonly requiredMethods: readonly (readonly string[])[];
  /** Until when the receipt is good, in milliseconds since the epoch, where the server says so. */
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
  readonly serviceType: string;
  readonly region: string | undefined;
  readonly interface: string;
}

/** A service catalogue has no endpoint that fits, or several that differ. */
export class EndpointNotFoundError extends AuthError {
  /** What the catalogue has. */
  readonly available: readonly AvailableEndpoint[];

  constructor(message: string, options: ErrorOptions & { readonly available: readonly AvailableEndpoint[] }) {
    super(message, { ...options, code: 'ERR_AUTH_ENDPOINT_NOT_FOUND' });
    this.available = options.available;
  }
}

/** A server's challenge, or what it refers to, cannot be answered or must not be trusted. */
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
