import { array, record, string } from 'valibot';
import { buildOptions } from '../../builders/build-options.ts';
import { buildWith, commonOptions } from '../../builders/build-with.ts';
import {
  backOffOptions,
  cacheOptions,
  LIFETIME_FIELDS,
  responseOptions,
  type TokenBuildOptions,
} from '../../builders/token-options.ts';
import { ConfigurationError } from '../../errors.ts';
import type { CredentialFields } from '../../fields/credential-fields.ts';
import { parseCredentialFields } from '../../fields/parse.ts';
import { isSet } from '../../fields/read.ts';
import { amount, text } from '../../fields/values.ts';
import { joinOptions, pickOptions, readOptions, type Shape } from '../../options.ts';
import { TokenAuthenticator, type TokenAuthenticatorOptions } from '../../tokens/token-authenticator.ts';
import { tokenShape } from '../../tokens/token-shape.ts';
import { type CommandOptions, commandShape, commandSource } from './source.ts';

/** What `opts` may hold. */
const OPTS = {
  command: array(string(), 'must be a list: the program and its arguments'),
  directory: text,
  env: record(string(), string('must hold text only'), 'must be an object of names and values'),
  passEnv: array(string(), 'must be a list of names'),
  deadlineMs: amount,
};

/** Options of {@link AuthCommand}. */
export interface AuthCommandOptions extends CommandOptions, Omit<TokenAuthenticatorOptions, keyof CommandOptions> {}

const SHAPE: Shape<AuthCommandOptions> = { ...tokenShape, ...commandShape };

/**
 * A token from a command, such as a cloud's own command line. It runs when there is no token yet, when the token has
 * expired, and when a server has refused it; everybody who waits shares one run.
 *
 * `build` runs what a configuration says, so it is no built-in name: register it with `addAuth(AuthCommand)`, and only
 * where configurations come from the user, never from a project that may be somebody else's.
 *
 * @example
 * const auth = new AuthCommand({ command: ['gcloud', 'auth', 'print-access-token'] });
 * const api = fetchAuth(auth, { baseUrl: 'https://api.example.com' });
 * @throws {@link ConfigurationError} naming the option that is wrong.
 */
export class AuthCommand extends TokenAuthenticator {
  constructor(given: AuthCommandOptions) {
    const read = new.target === AuthCommand ? readOptions : pickOptions;
    const options = read<AuthCommandOptions>('AuthCommand', given, SHAPE);
    const command = pickOptions<CommandOptions>('AuthCommand', options, commandShape);
    // Its deadline is the command's. A run ahead of the end would often bring the same token: many commands keep one.
    const { deadlineMs: _, refreshAheadMs = 0, ...others } = options;
    super(commandSource(command), joinOptions(others, { refreshAheadMs }));
  }

  static override getName(): string {
    return 'AuthCommand';
  }

  /** One line for a list of authenticators. */
  static getDesc(): string {
    return 'Token from a command';
  }

  /**
   * Creates one from credential fields: {@link commandOptions} of `fields.opts`.
   *
   * @throws {@link ConfigurationError} naming the field that is wrong.
   */
  static build(fields: CredentialFields, options: TokenBuildOptions = {}): AuthCommand {
    return buildWith(fields, options, () => new AuthCommand(commandOptions(fields, options)));
  }
}

/**
 * The options of {@link AuthCommand} from the fields. The command is in `opts`:
 * `{"command": ["gcloud", "auth", "print-access-token"], "passEnv": ["CLOUDSDK_*"]}`.
 *
 * @throws {@link ConfigurationError} naming the fields that are missing, wrong or unknown.
 */
export function commandOptions(fields: CredentialFields, options?: TokenBuildOptions): AuthCommandOptions {
  const own = buildOptions('commandOptions', options);
  const given = parseCredentialFields(fields, {
    uses: ['authHeader', 'tokenFormat', 'tokenKey', ...LIFETIME_FIELDS],
    opts: OPTS,
  });
  const { command, ...others } = given.opts;
  if (command === undefined) throw missingCommand();
  const { tokenKey, expiresInKey, ...lifetime } = responseOptions(given, given.tokenKey);
  return {
    header: given.authHeader,
    format: given.tokenFormat,
    ...cacheOptions(own, {}),
    ...backOffOptions(given),
    ...lifetime,
    // Where they aren't set, the output may be the token itself, or JSON with its usual names.
    ...(isSet(fields, 'tokenKey') && { tokenKey }),
    ...(isSet(fields, 'tokenExpiresInSelector') && { expiresInKey }),
    ...commonOptions(fields, own),
    ...others,
    command,
  };
}

function missingCommand(): ConfigurationError {
  return new ConfigurationError(
    `field 'opts' must hold the command, such as {"command": ["gcloud", "auth", "print-access-token"]}.`,
    { option: 'opts' },
  );
}
