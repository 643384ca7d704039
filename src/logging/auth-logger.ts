import { debugSink, flag, type Kind, readOptions, type Shape } from '../options.ts';
import { debugLog } from '../secrets/debug-log.ts';
import type { AuthLogger, LoggerOptions } from '../secrets/debug-sink.ts';
import { type TextFilter, textFilter } from './text-filter.ts';

interface AuthLoggerOptions extends LoggerOptions {
  /** What masks the lines. Default: {@link credentialFilter}. */
  readonly filter?: Pick<TextFilter, 'mask'>;
}

const filterKind: Kind = {
  wanted: 'what createCredentialFilter() makes',
  test: (value) => typeof (value as { mask?: unknown } | null)?.mask === 'function',
};
const SHAPE: Shape<AuthLoggerOptions> = { debug: flag, logger: debugSink, filter: filterKind };

/**
 * Makes a logger that speaks only when `debug` is on, and only through a credential filter. Without `debug` it is one
 * shared logger that does nothing. A sink that throws or rejects never breaks the request.
 *
 * @example
 * const log = authLogger({ debug: true, logger: pino({ level: 'debug' }) });
 * log.debug('renewed', { authenticator: 'AuthJwt', origin: 'https://api.example', generation: 2, tookMs: 131 });
 * @throws {@link ConfigurationError} naming the option that is unknown or of the wrong kind.
 */
export function authLogger(given?: AuthLoggerOptions): AuthLogger {
  const options = readOptions('authLogger', given, SHAPE);
  const { filter = textFilter } = options;
  return debugLog(options, (text) => filter.mask(text));
}
