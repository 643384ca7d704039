import { AuthForward, type AuthForwardOptions, type IncomingSource } from '../authenticators/forward.ts';
import { ConfigurationError } from '../errors.ts';
import type { CredentialFields } from '../fields/credential-fields.ts';
import { parseCredentialFields } from '../fields/parse.ts';
import { headerName } from '../fields/values.ts';
import { buildOptions } from './build-options.ts';
import { commonOptions } from './build-with.ts';
import { builder } from './builder.ts';
import type { BuildOptions } from './registry.ts';

/** What `build` takes for AuthForward. */
export interface ForwardBuildOptions extends BuildOptions {
  /** Returns the request that is being served. Required: no field can name it. Default: none. */
  readonly incoming?: IncomingSource;
  /** The header of the incoming request that holds the token. Default: `authorization`. */
  readonly incomingHeader?: string;
}

/**
 * The options of `AuthForward` from the fields: the outgoing header and format from `authHeader` and `tokenFormat`, and
 * `incomingHeader` from `opts`. Needs `incoming` in the options.
 *
 * @throws {@link ConfigurationError} naming the fields that are wrong or unknown, and `incoming` where it is missing.
 */
export function forwardOptions(fields: CredentialFields, given?: ForwardBuildOptions): AuthForwardOptions {
  const options = buildOptions('forwardOptions', given);
  const { incoming, incomingHeader, now } = options;
  if (incoming === undefined) {
    throw new ConfigurationError(
      "AuthForward needs option 'incoming': pass buildAuthenticator(fields, { incoming }) a function or an AsyncLocalStorage.",
      { option: 'incoming' },
    );
  }
  const { authHeader, tokenFormat, opts } = parseCredentialFields(fields, {
    uses: ['authHeader', 'tokenFormat'],
    opts: { incomingHeader: headerName },
  });
  return {
    ...commonOptions(fields, options),
    ...(now !== undefined && { now }),
    incoming,
    header: incomingHeader ?? opts.incomingHeader ?? 'authorization',
    outgoingHeader: authHeader,
    format: tokenFormat,
  };
}

export const forward = builder(
  AuthForward,
  "The incoming request's token",
  (fields, options: ForwardBuildOptions) => new AuthForward(forwardOptions(fields, options)),
);
