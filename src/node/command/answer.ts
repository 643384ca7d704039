/**
 * Reads a token out of what a command printed: one line, or JSON. Nothing of it stands in what is said about it.
 */

import { ConfigurationError } from '../../errors.ts';
import { jwtClaims } from '../../jwt-claims.ts';
import { keyPath } from '../../key-path.ts';
import { readExpiry } from '../../oauth/expiry.ts';
import type { Token } from '../../tokens/token.ts';
import { secretsIn, shapeOf } from './answer-shapes.ts';

/** Where a command's output holds the token and its lifetime. */
export interface AnswerOptions {
  /**
   * Where JSON output holds the token: names of properties, separated by dots. Default: `access_token`, `token` or
   * `accessToken`; `status.token` of an ExecCredential; `SessionToken` of AWS credentials.
   */
  readonly tokenKey?: string;
  /**
   * Where JSON output holds the lifetime: under a name that ends in `in` seconds, else a point in time (ISO 8601,
   * seconds or milliseconds since the epoch). Default: `expires_at`, `expires_in`, `expiration` and similar names.
   */
  readonly expiresInKey?: string;
  /** `'dynamic'`: the output says how long the token lives. `'static'`: always `ttlMs`. Default: `'dynamic'`. */
  readonly expiry?: 'dynamic' | 'static';
  /**
   * The lifetime of a token, in milliseconds: always when static; when dynamic, where the output names none. Default:
   * the `exp` of a JWT; a token without one is used until it is refused.
   */
  readonly ttlMs?: number;
}

/** What a command printed: a token and the other secrets, or what is wrong, as the end of a sentence. */
export type Answer =
  | { readonly token: Token; readonly secrets: readonly string[] }
  | { readonly kind: 'empty' | 'answer'; readonly problem: string };

/** @param now - In milliseconds since the epoch: lifetimes count from here. */
export type AnswerReader = (stdout: Uint8Array, now: number) => Answer;

// biome-ignore lint/suspicious/noControlCharactersInRegex: finding control characters is what this is for.
const CONTROL = /[\x00-\x1f\x7f-\x9f]/;

/**
 * Compiles the options into a reader.
 *
 * @throws {@link ConfigurationError} naming the option that is wrong.
 */
export function answerReader(options: AnswerOptions): AnswerReader {
  checkLifetime(options);
  if (options.tokenKey !== undefined) keyPath(options.tokenKey, 'tokenKey');
  if (options.expiresInKey !== undefined) keyPath(options.expiresInKey, 'expiresInKey');
  return (stdout, now) => {
    const text = textOf(stdout);
    if (text === undefined) return problem('printed what is not UTF-8 text.');
    if (text === '') return { kind: 'empty', problem: 'printed nothing to standard output.' };
    if (text.startsWith('{') || text.startsWith('[')) return fromJson(text, options, now);
    return fromLine(unquoted(text), options, now);
  };
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes).trim();
  } catch {
    return undefined;
  }
}

/** A string of JSON, as `--output json` makes one of a single value. */
function unquoted(text: string): string {
  if (!text.startsWith('"')) return text;
  const value = parse(text);
  return typeof value === 'string' ? value : text;
}

function fromLine(line: string, options: AnswerOptions, now: number): Answer {
  if (/[\r\n]/.test(line)) return problem('printed several lines: it must print one line, the token, or JSON.');
  return answer(line, undefined, options, now, []);
}

function fromJson(text: string, options: AnswerOptions, now: number): Answer {
  const fields = parse(text);
  if (fields === undefined) return problem('printed what begins like JSON and is none.');
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields))
    return problem('printed something that is not a JSON object.');
  const shape = shapeOf(fields as Record<string, unknown>);
  const tokens = options.tokenKey === undefined ? shape.token : [options.tokenKey];
  const expiries = options.expiresInKey === undefined ? shape.expiry : [options.expiresInKey];
  const token = firstOf(tokens, (path) => textAt(fields, path));
  if (token === undefined) {
    const hint = options.tokenKey === undefined && shape.hint !== undefined ? ` ${shape.hint}` : '';
    return problem(`printed JSON without a token under ${tokens.join(', ')} (option 'tokenKey').${hint}`);
  }
  const said = firstOf(expiries, (path) => readExpiry(keyPath(path, 'expiresInKey')(fields), lastName(path), now));
  return answer(token, said, options, now, [...secretsIn(fields)]);
}

function textAt(fields: unknown, path: string): string | undefined {
  const value = keyPath(path, 'tokenKey')(fields);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function lastName(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1);
}

function firstOf<T>(paths: readonly string[], read: (path: string) => T | undefined): T | undefined {
  for (const path of paths) {
    const value = read(path);
    if (value !== undefined) return value;
  }
  return undefined;
}

function answer(
  accessToken: string,
  said: number | undefined,
  options: AnswerOptions,
  now: number,
  secrets: readonly string[],
): Answer {
  if (CONTROL.test(accessToken)) return problem('printed a token that holds control characters.');
  const expiresAt = expiryOf(accessToken, said, options, now);
  const token: Token = { accessToken, tokenType: 'Bearer', ...(expiresAt !== undefined && { expiresAt }) };
  return { token, secrets: [...new Set([accessToken, ...secrets])] };
}

function expiryOf(token: string, said: number | undefined, options: AnswerOptions, now: number): number | undefined {
  const { expiry = 'dynamic', ttlMs } = options;
  const own = expiry === 'dynamic' ? (said ?? jwtExpiry(token, now)) : undefined;
  return own ?? (ttlMs === undefined ? undefined : now + ttlMs);
}

/** The `exp` of anything that can be read as a JWT: a hint, as nobody has verified it. */
function jwtExpiry(token: string, now: number): number | undefined {
  return readExpiry(jwtClaims(token)?.exp, 'exp', now);
}

function checkLifetime({ expiry = 'dynamic', ttlMs }: AnswerOptions): void {
  if (expiry !== 'dynamic' && expiry !== 'static') {
    throw new ConfigurationError("option 'expiry' must be 'dynamic' or 'static'.", { option: 'expiry' });
  }
  if (ttlMs === undefined ? expiry === 'static' : !(ttlMs > 0)) {
    throw new ConfigurationError("option 'ttlMs' must be a positive number of milliseconds.", { option: 'ttlMs' });
  }
}

function problem(says: string): Answer {
  return { kind: 'answer', problem: says };
}

/** Its errors are dropped: they quote the text. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
