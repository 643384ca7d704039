import { isAuthError } from '../errors.ts';
import { printable } from './printable.ts';
import { maskOwn } from './registry.ts';
import { withoutSource } from './without-source.ts';

/** Deeper chains of causes are cut here. */
const MOST_CAUSES = 5;

/**
 * A copy of another library's error that is safe to keep as a cause: name, message, code, stack, causes and collected
 * errors, masked. Everything else stays behind: HTTP clients hang requests, responses and raw bytes on their errors,
 * and a server may have echoed what it was sent.
 */
export function plainCause(error: unknown, depth = 0): unknown {
  if (isAuthError(error)) return error;
  if (!(error instanceof Error) || depth === MOST_CAUSES) return undefined;
  const plain = (one: unknown) => plainCause(one, depth + 1);
  const [cause, errors, code] = [plain(error.cause), collected(error).map(plain), errorCode(error)];
  const [name, message] = [printable(text(error.name)), printable(withoutSource(text(error.message)))];
  const options = cause === undefined ? undefined : { cause };
  const copy = errors.length > 0 ? new AggregateError(errors, message, options) : new Error(message, options);
  for (const [key, value] of Object.entries({ name, stack: `${name}: ${message}${framesOf(error)}` })) {
    Object.defineProperty(copy, key, { value, configurable: true, writable: true });
  }
  return code === undefined ? copy : Object.assign(copy, { code });
}

/** The code of a system's or library's error, such as ECONNREFUSED; nothing that is not plainly one. */
export function errorCode(error: unknown): string | undefined {
  const code: unknown = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^[A-Z][A-Z\d_]{2,59}$/.test(code) ? code : undefined;
}

function collected(error: Error): readonly unknown[] {
  return error instanceof AggregateError && Array.isArray(error.errors) ? error.errors.slice(0, MOST_CAUSES) : [];
}

/** What stands before the frames is the message, unmasked. */
function framesOf(error: Error): string {
  const frames = text(error.stack).match(/\n[^\S\n]+at .*/g) ?? [];
  return frames.slice(0, 20).map(maskOwn).join('');
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
