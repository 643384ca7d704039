import { type CredentialFilter, credentialFilter } from '../credential-filter.ts';

/**
 * Options for pino that mask every line as it is written, also those of child loggers and transports.
 *
 * @param filter - Default: the filter of the process.
 * @example
 * const log = pino({ level: 'debug', ...pinoMask() });
 */
export function pinoMask(filter: CredentialFilter = credentialFilter): {
  /** What pino calls with each line before writing it. */
  hooks: { streamWrite: (line: string) => string };
} {
  return { hooks: { streamWrite: (line) => filter.mask(line) } };
}
