import { consoleSink } from './console-sink.ts';

import { maskFields } from './mask-fields.ts';
import { type TextFilter, textFilter } from './text-filter.ts';

/** Where debug lines go: pino, and every logger that takes fields before the message. */
export interface DebugSink {
  debug(fields: Readonly<Record<string, unknown>>, message: string): void;
}

/** The options of everything that logs. */
export interface LoggerOptions {
  /** Say what happens to credentials, and why. Never their values. Default: `false`. */
  readonly debug?: boolean;
  /** Where to say it. Default: one line each on the console's error stream. */
  readonly logger?: DebugSink;
}

/** Speaks only when `debug` is on, and only through the credential filter. */
export interface AuthLogger {
  /** Ask first where gathering the fields costs something. */
  readonly enabled: boolean;
  /**
   * One event. The fields that recur: `authenticator`, `origin`, `generation` (which token, counted), `reason` (why it
   * was fetched, renewed, withheld or refused), `status`, and durations in milliseconds such as `tookMs`.
   */
  debug(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

const silent: AuthLogger = Object.freeze({ enabled: false, debug() {} });

/**
 * Makes the logger of an authenticator or adapter. Without `debug` it is one shared logger that does nothing. A sink
 * that throws or rejects never breaks the request.
 *
 * @example
 * const log = authLogger({ debug: true, logger: pino({ level: 'debug' }) });
 * log.debug('renewed', { authenticator: 'AuthJwt', origin: 'https://api.example', generation: 2, tookMs: 131 });
 */
export function authLogger(options: LoggerOptions & { readonly filter?: Pick<TextFilter, 'mask'> } = {}): AuthLogger {
  if (options.debug !== true) return silent;
  const { logger = consoleSink, filter = textFilter } = options;
  return Object.freeze<AuthLogger>({
    enabled: true,
    debug(message, fields = {}) {
      try {
        const said: unknown = logger.debug(maskFields(fields, filter), filter.mask(message));
        if (said instanceof Promise) said.catch(() => {});
      } catch {
        // A request is worth more than a line about it.
      }
    },
  });
}
