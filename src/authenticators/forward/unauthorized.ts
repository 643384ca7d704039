import { isAuthError } from '../../errors.ts';
import { readOptions, type Shape, text } from '../../options.ts';
import type { IncomingCredentialError } from './incoming-credential-error.ts';

/** The response to a caller without a usable token. */
export interface Unauthorized {
  /** The HTTP status. */
  readonly status: 401;
  /** The headers, with names in lower case. */
  readonly headers: { readonly 'www-authenticate': string };
}

/** Options of {@link unauthorized}. */
export interface UnauthorizedOptions {
  /** The protection space that the caller is told of (RFC 9110 §11.5). Default: `api`. */
  readonly realm?: string;
}

const SHAPE: Shape<UnauthorizedOptions> = { realm: text };

/** Clients wrap our errors in their own. More causes than this are a circle. */
const MOST_CAUSES = 10;

/**
 * The answer for a caller whose request brought no token, or none that could be forwarded: status 401 and the challenge
 * of RFC 6750 §3. `undefined` for any other error: hand that on to your framework.
 *
 * @param error - What a call through `AuthForward` failed with, as your client threw it.
 * @throws {@link ConfigurationError} naming the option that is unknown or of the wrong kind.
 * @example
 * app.use((error, req, res, next) => {
 *   const answer = unauthorized(error);
 *   if (answer === undefined) return next(error);
 *   res.status(answer.status).set(answer.headers).end();
 * });
 */
export function unauthorized(error: unknown, options?: UnauthorizedOptions): Unauthorized | undefined {
  const { realm = 'api' } = readOptions('unauthorized', options, SHAPE);
  const incoming = incomingErrorIn(error);
  if (incoming === undefined) return undefined;
  const challenge = `Bearer realm=${quoted(realm)}`;
  // RFC 6750 §3.1: a request without a token is told the scheme and nothing else.
  const detail =
    incoming.reason === 'missing' ? '' : `, error="invalid_token", error_description="${WORDS[incoming.reason]}"`;
  return { status: 401, headers: { 'www-authenticate': challenge + detail } };
}

const WORDS = { malformed: 'The access token is malformed', expired: 'The access token expired' } as const;

/** Also of another copy of the package. */
function incomingErrorIn(error: unknown): IncomingCredentialError | undefined {
  let current = error;
  for (let n = 0; n < MOST_CAUSES && typeof current === 'object' && current !== null; n += 1) {
    if (isAuthError(current) && current.name === 'IncomingCredentialError') return current as IncomingCredentialError;
    current = (current as { readonly cause?: unknown }).cause;
  }
  return undefined;
}

/** RFC 9110 §5.6.4 `quoted-string`, in ASCII. */
function quoted(text: string): string {
  return `"${text.replace(/[^\x20-\x7e]/g, '').replace(/["\\]/g, '\\$&')}"`;
}
