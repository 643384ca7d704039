import { CredentialError } from '../../errors.ts';

/** What is wrong with the caller's token: there is none, it cannot be one, or its time is over. */
export type IncomingCredentialErrorReason = 'missing' | 'malformed' | 'expired';

/**
 * The request that is being served brought no token that could be handed on. It is the caller's fault and is answered
 * with a 401: see {@link unauthorized}.
 */
export class IncomingCredentialError extends CredentialError {
  readonly reason: IncomingCredentialErrorReason;

  constructor(message: string, { reason, ...options }: ErrorOptions & { reason: IncomingCredentialErrorReason }) {
    super(message, options);
    this.reason = reason;
  }
}
