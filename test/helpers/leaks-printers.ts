/**
 * Every way in which a value is commonly printed.
 *
 * `showHidden` is not among them: it opens what was hidden on purpose, such as the socket's own copy of the request. Nor
 * are the bodies of answers: what a server says back to its caller is the server's leak.
 */

import { Console } from 'node:console';
import { Writable } from 'node:stream';
import { format, inspect } from 'node:util';
import pino, { type Logger as Pino } from 'pino';
import { createLogger, transports, type Logger as Winston, format as winstonFormat } from 'winston';

/** What was written, as text. */
export interface Paper {
  readonly stream: Writable;
  /** Everything since the last time, and forgets it. */
  take(): string;
}

export function paper(): Paper {
  let text = '';
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk);
      done();
    },
  });
  const take = () => {
    const taken = text;
    text = '';
    return taken;
  };
  return { stream, take };
}

const tables = paper();
const console = new Console({ stdout: tables.stream, stderr: tables.stream });

const pinoLines = paper();
const bySerializer: Pino = pino({ level: 'trace' }, pinoLines.stream);

const winstonLines = paper();
const byFormat: Winston = createLogger({
  level: 'silly',
  format: winstonFormat.combine(winstonFormat.errors({ stack: true, cause: true }), winstonFormat.json()),
  transports: [new transports.Stream({ stream: winstonLines.stream })],
});

type Printer = (value: unknown) => string;

export const printers: Readonly<Record<string, Printer>> = {
  inspect: (value) => inspect(value),
  'inspect, depth 10': (value) => inspect(value, { depth: 10, maxArrayLength: null, maxStringLength: null }),
  'JSON.stringify': (value) => JSON.stringify(value) ?? '',
  String: (value) => String(value),
  'format %O %j': (value) => format('%O %j', value, value),
  toJSON: (value) => inspect((value as { toJSON?: () => unknown } | undefined)?.toJSON?.(), { depth: 10 }),
  message: (value) => String((value as Error | undefined)?.message),
  stack: (value) => String((value as Error | undefined)?.stack),
  'the causes': (value) => causes(value).map(textOf).join('\n'),
  structuredClone: (value) => inspect(structuredClone(value), { depth: 10 }),
  'console.table': (value) => {
    console.table(value);
    console.table([value]);
    return tables.take();
  },
  pino: (value) => {
    bySerializer.error(value);
    bySerializer.error({ err: value, value }, 'failed');
    return pinoLines.take();
  },
  winston: (value) => {
    byFormat.error('failed', value);
    byFormat.error({ message: 'failed', error: value });
    return winstonLines.take();
  },
};

/** What cannot be printed this way (a circular structure has no JSON) cannot leak this way; the complaint is text, too. */
export function print(printer: Printer, value: unknown): string {
  try {
    return printer(value);
  } catch (complaint) {
    return String(complaint);
  }
}

const MOST_CAUSES = 20;

/** What an error names as its causes, and theirs. */
function causes(value: unknown): unknown[] {
  const found: unknown[] = [];
  const queue = [value];
  while (queue.length > 0 && found.length < MOST_CAUSES) {
    const { cause, errors } = (queue.shift() ?? {}) as { cause?: unknown; errors?: unknown };
    const next = [cause, ...(Array.isArray(errors) ? errors : [])].filter((one) => one !== undefined);
    found.push(...next);
    queue.push(...next);
  }
  return found;
}

function textOf(value: unknown): string {
  const { message, stack } = (value ?? {}) as Partial<Error>;
  return `${message} ${stack} ${inspect(value, { depth: 10 })}`;
}
