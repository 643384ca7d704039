import { notify } from '../promises.ts';
import { consoleSink } from './console-sink.ts';
import { type AnyFields, maskFields } from './debug-fields.ts';
import type { AuthLogger, LoggerOptions } from './debug-sink.ts';
import { maskOwn } from './registry.ts';

const silent: AuthLogger = Object.freeze({ enabled: false, debug() {} });

/**
 * Makes the logger of an authenticator or adapter. Without `debug` it is one shared logger that does nothing. A sink
 * that throws or rejects never breaks the request.
 */
export function debugLog(options?: LoggerOptions, mask: (text: string) => string = maskOwn): AuthLogger {
  if (options?.debug !== true) return silent;
  const { logger = consoleSink } = options;
  return {
    enabled: true,
    debug(event, fields = {}) {
      // A request is worth more than a line about it.
      notify(() => {
        const [masked, message] = [maskFields(fields, mask), mask(event)];
        // winston takes one object with the message in it, and drops a text that follows.
        const line = 'transports' in logger ? [{ ...masked, message }] : [masked, message];
        return logger.debug(...(line as [AnyFields, string]));
      });
    },
  };
}
