import pino from 'pino';
import { createLogger, format, transports } from 'winston';
import { pinoMask } from '../../../src/logging/sinks/pino.ts';
import { winstonFormat } from '../../../src/logging/sinks/winston.ts';
import { consoleSink } from '../../../src/secrets/console-sink.ts';
import type { DebugSink } from '../../../src/secrets/debug-sink.ts';
import { paper } from '../../helpers/leaks-printers.ts';

const written = paper();

/** As they come: what reaches them must be clean already. */
const bare = {
  pino: pino({ level: 'trace' }, written.stream),
  winston: createLogger({
    level: 'silly',
    format: format.json(),
    transports: [new transports.Stream({ stream: written.stream })],
  }),
};

/** Through the filter: whatever their user says is clean. */
const masked = {
  pino: pino({ level: 'trace', ...pinoMask() }, written.stream),
  winston: createLogger({
    level: 'silly',
    format: format.combine(format.json(), winstonFormat()),
    transports: [new transports.Stream({ stream: written.stream })],
  }),
};

/** The debug lines of an authenticator, on every kind of logger. */
export const debugSink: DebugSink = {
  debug(fields, message) {
    bare.pino.debug(fields, message);
    bare.winston.debug(message, fields);
    consoleSink.debug(fields, message);
  },
};

/** What a careless user logs: as text, in a message, in a field. */
export function sayCarelessly(secret: string): void {
  masked.pino.info({ secret, nested: { headers: [secret] } }, `sent ${secret}`);
  masked.winston.info(`sent ${secret}`, { secret, nested: { headers: [secret] } });
}

/** Everything that was logged since the last time. */
export function takeLogs(): string {
  return written.take();
}
