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
  const cause = plainCause(error.cause, depth + 1);
  const errors = collected(error).map((one) => plainCause(one, depth + 1));
  const message = printable(withoutSource(text(error.message)));
  const options = cause === undefined ? undefined : { cause };
  const copy = errors.length > 0 ? new AggregateError(errors, message, options) : new Error(message, options);
  const hidden = { configurable: true, writable: true };
  Object.defineProperty(copy, 'name', { value: printable(text(error.name)), ...hidden });
  Object.defineProperty(copy, 'stack', { value: stackOf(error, `${copy.name}: ${message}`), ...hidden });
  const code = errorCode(error);
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

/** The frames only: what stands before them is the message, unmasked. */
function stackOf(error: Error, title: string): string {
  const frames = text(error.stack)
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 20);
  return [title, ...frames.map(maskOwn)].join('\n');
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
