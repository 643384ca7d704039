import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Readable, type Writable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { ConfigurationError } from '../../errors.ts';
import { say, writeData } from '../output.ts';
import { EXIT, type Interruption } from '../run-command.ts';
import { type CredentialOptions, senderFor } from './credential.ts';

/** Options of `authwire request`. */
export interface RequestOptions extends CredentialOptions {
  readonly method: string | undefined;
  readonly header?: readonly string[];
  readonly data?: string;
  readonly json?: string;
  readonly include?: boolean;
  readonly output?: string;
}

const JSON_HEADERS = { 'content-type': 'application/json', accept: 'application/json' };

/**
 * Sends the request, writes the body, and says what became of it.
 *
 * @returns The exit code for the class of the status.
 */
export async function sendRequest(options: RequestOptions, { signal, onInterrupt }: Interruption): Promise<number> {
  const headers = await headersOf(options);
  const body = await bodyOf(options);
  const { url, send, close } = await senderFor(options, (message) => say('request', message));
  // A refresh that is cut loses the new refresh token.
  onInterrupt(close);
  const method = (options.method ?? (body === undefined ? 'GET' : 'POST')).toUpperCase();
  const response = await send(url, { method, headers, signal, ...(body !== undefined && { body }) });
  if (options.include === true) await writeData(head(response));
  await writeBody(response, options.output, signal);
  await close();
  const code = exitCodeOf(response.status);
  if (code !== EXIT.done) say('request', `${response.status} ${response.statusText}`.trim());
  return code;
}

async function headersOf({ header = [], data, json }: RequestOptions): Promise<Headers> {
  const headers = new Headers(json === undefined ? {} : JSON_HEADERS);
  // As curl does.
  if (data?.startsWith('@') === false) headers.set('content-type', 'application/x-www-form-urlencoded');
  const lines = await Promise.all(
    header.map(async (one) => (one.startsWith('@') ? linesOf(await fileText(one)) : [one])),
  );
  const given = new Headers();
  for (const line of lines.flat()) {
    const colon = line.indexOf(':');
    try {
      given.append(line.slice(0, Math.max(colon, 0)).trim(), line.slice(colon + 1).trim());
    } catch (cause) {
      throw new ConfigurationError("a header must be 'Name: value'.", { cause });
    }
  }
  for (const [name, value] of given) headers.set(name, value);
  return headers;
}

/** Whole, because a request that was refused is sent once more. */
async function bodyOf({ data, json }: RequestOptions): Promise<Uint8Array<ArrayBuffer> | string | undefined> {
  if (data !== undefined && json !== undefined) {
    throw new ConfigurationError('--data and --json contradict each other: give one of them.');
  }
  const given = data ?? json;
  if (given === undefined || !given.startsWith('@')) return given;
  return new Uint8Array(given === '@-' ? await buffer(process.stdin) : await fileBytes(given));
}

async function fileBytes(given: string): Promise<Buffer> {
  try {
    return await readFile(given.slice(1));
  } catch (cause) {
    throw new ConfigurationError(`${given.slice(1)} cannot be read: ${(cause as NodeJS.ErrnoException).code}.`, {
      cause,
    });
  }
}

async function fileText(given: string): Promise<string> {
  return (await fileBytes(given)).toString('utf8');
}

function linesOf(text: string): string[] {
  return text.split(/\r?\n/).filter((line) => line.trim() !== '');
}

function head({ status, statusText, headers }: Response): string {
  const lines = [...headers].map(([name, value]) => `${name}: ${value}`);
  return `${[`HTTP/1.1 ${status} ${statusText}`.trim(), ...lines].join('\r\n')}\r\n\r\n`;
}

async function writeBody({ body }: Response, file: string | undefined, signal: AbortSignal): Promise<void> {
  const source = body === null ? Readable.from([]) : Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0]);
  try {
    if (file === undefined) await pipeline(source, process.stdout as Writable, { signal, end: false });
    else await pipeline(source, createWriteStream(file), { signal });
  } catch (error) {
    // A reader that has read enough, such as `head`, is no error.
    if (file !== undefined || (error as NodeJS.ErrnoException).code !== 'EPIPE') throw error;
  }
}

function exitCodeOf(status: number): number {
  if (status >= 500) return EXIT.serverError;
  if (status >= 400) return EXIT.clientError;
  return status >= 300 ? EXIT.redirected : EXIT.done;
}
