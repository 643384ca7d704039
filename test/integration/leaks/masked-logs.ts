import type { Writable } from 'node:stream';
import pino from 'pino';
import { createLogger, format, transports } from 'winston';
import { pinoMask } from '../../../src/logging/sinks/pino.ts';
import { winstonFormat } from '../../../src/logging/sinks/winston.ts';

/** Loggers as a careful user sets them up. */
export function maskedLogs(stream: Writable) {
  return {
    pino: pino({ level: 'trace', ...pinoMask() }, stream),
    winston: createLogger({
      level: 'silly',
      format: format.combine(format.json(), winstonFormat()),
      transports: [new transports.Stream({ stream })],
    }),
  };
}
