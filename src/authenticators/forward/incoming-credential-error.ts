import { CredentialError } from '../../errors.ts';

/** What is wrong with the caller's token: it is absent, is not a valid token, or has expired. */
export type IncomingCredentialErrorReason = 'missing' | 'malformed' | 'expired';

/**
 * The request that is being served brought no token that can be forwarded. The caller has to fix it: answer with a 401,
 * see {@link unauthorized}.
 */
export class IncomingCredentialError extends CredentialError {
  /** What is wrong with the token. */
  readonly reason: IncomingCredentialErrorReason;

  constructor(
    message: string,
    {
      reason,
      ...options
    }: ErrorOptions & {
      /** What is wrong with the token. */
      reason: IncomingCredentialErrorReason;
    },
  ) {
    super(message, options);
    this.reason = reason;
  }
}
