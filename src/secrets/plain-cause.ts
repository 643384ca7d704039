import { isAuthError } from '../errors.ts';
import { printable } from './printable.ts';
import { maskOwn } from './registry.ts';
import { withoutSource } from './without-source.ts';

/** Deeper chains of causes are cut here. */
const MOST_CAUSES = 5;
const MOST_FRAMES = 20;

/**
 * A copy of another library's error that is safe to keep as a cause: name, message, code, stack, causes and collected
 * errors, masked. Everything else stays behind: HTTP clients hang requests, responses and raw bytes on their errors,
 * and a server may have echoed what it was sent.
 */
export function plainCause(error: unknown, depth = 0): unknown {
  if (isAuthError(error)) return error;
  if (!(error instanceof Error) || depth === MOST_CAUSES) return undefined;
  const text = (key: 'name' | 'message' | 'stack') => (typeof error[key] === 'string' ? error[key] : '');
  const plain = (one: unknown) => plainCause(one, depth + 1);
  const { errors } = error as Partial<AggregateError>;
  const [cause, code] = [plain(error.cause), errorCode(error)];
  const [name, message] = [printable(text('name')), printable(withoutSource(text('message')))];
  const options = cause === undefined ? undefined : { cause };
  const copy = Array.isArray(errors)
    ? new AggregateError(errors.slice(0, MOST_CAUSES).map(plain), message, options)
    : new Error(message, options);
  // What stands before the frames is the message, unmasked.
  const frames = text('stack').match(/\n[^\S\n]+at .*/g) ?? [];
  for (const [key, value] of Object.entries({
    name,
    stack: `${name}: ${message}${frames.slice(0, MOST_FRAMES).map(maskOwn).join('')}`,
  })) {
    Object.defineProperty(copy, key, { value, configurable: true, writable: true });
  }
  return code === undefined ? copy : Object.assign(copy, { code });
}

/** The code of a system's or library's error, such as ECONNREFUSED; nothing that is not plainly one. */
export function errorCode(error: unknown): string | undefined {
  const { code } = (error ?? {}) as { readonly code?: unknown };
  return typeof code === 'string' && /^[A-Z][A-Z\d_]{2,59}$/.test(code) ? code : undefined;
}
