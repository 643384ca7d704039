import { debugLog } from '../secrets/debug-log.ts';
import type { AuthLogger, LoggerOptions } from '../secrets/debug-sink.ts';
import { maskFields } from './mask-fields.ts';
import { type TextFilter, textFilter } from './text-filter.ts';

/**
 * Makes a logger that speaks only when `debug` is on, and only through a credential filter. Without `debug` it is one
 * shared logger that does nothing. A sink that throws or rejects never breaks the request.
 *
 * @example
 * const log = authLogger({ debug: true, logger: pino({ level: 'debug' }) });
 * log.debug('renewed', { authenticator: 'AuthJwt', origin: 'https://api.example', generation: 2, tookMs: 131 });
 */
export function authLogger(options: LoggerOptions & { readonly filter?: Pick<TextFilter, 'mask'> } = {}): AuthLogger {
  const { filter = textFilter } = options;
  return debugLog(options, {
    maskFields: (fields) => maskFields(fields, filter),
    maskOwn: (message) => filter.mask(message),
  });
}
