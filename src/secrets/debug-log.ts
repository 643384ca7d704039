import { consoleSink } from './console-sink.ts';
import type { AnyFields } from './debug-fields.ts';
import type { AuthLogger, LoggerOptions } from './debug-sink.ts';
import { maskFields, maskOwn } from './registry.ts';

const silent: AuthLogger = Object.freeze({ enabled: false, debug() {} });

/** How a line is masked. */
interface LineMasks {
  maskFields(fields: AnyFields): AnyFields;
  maskOwn(message: string): string;
}

/**
 * Makes the logger of an authenticator or adapter. Without `debug` it is one shared logger that does nothing. A sink
 * that throws or rejects never breaks the request.
 */
export function debugLog(options?: LoggerOptions, masks: LineMasks = { maskFields, maskOwn }): AuthLogger {
  if (options?.debug !== true) return silent;
  const { logger = consoleSink } = options;
  return Object.freeze<AuthLogger>({
    enabled: true,
    debug(message, fields = {}) {
      try {
        const said: unknown = logger.debug(masks.maskFields(fields), masks.maskOwn(message));
        if (said instanceof Promise) said.catch(() => {});
      } catch {
        // A request is worth more than a line about it.
      }
    },
  });
}
