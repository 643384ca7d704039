import pino from 'pino';
import { createLogger, format, transports } from 'winston';
import { consoleSink } from '../../../src/secrets/console-sink.ts';
import type { DebugSink } from '../../../src/secrets/debug-sink.ts';
import { paper } from '../../helpers/leaks-printers.ts';
import { hasEngine } from './engine.ts';

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

/** Through the filter: whatever their user says is clean. None where the suite runs without `authwire/logging`. */
const masked = hasEngine ? (await import('./masked-logs.ts')).maskedLogs(written.stream) : undefined;

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
  masked?.pino.info({ secret, nested: { headers: [secret] } }, `sent ${secret}`);
  masked?.winston.info(`sent ${secret}`, { secret, nested: { headers: [secret] } });
}

/** Everything that was logged since the last time. */
export function takeLogs(): string {
  return written.take();
}
