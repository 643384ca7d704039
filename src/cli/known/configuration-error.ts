import { ConfigurationError } from '../../errors.ts';

/** A configuration is wrong, and masking ends: nobody would notice that less is masked. It says what to do. */
export function configurationError(cause: unknown): ConfigurationError {
  const advice = 'Correct it, or mask without the profiles: --no-profiles';
  return new ConfigurationError(`${(cause as Error).message} ${advice}`, { cause });
}
