import { type AuthError, isAuthError } from '../errors.ts';
import { MASK } from '../secret.ts';
import { plainCause } from './plain-cause.ts';
import { mask, maskOwn, registry } from './registry.ts';
import { withoutSource } from './without-source.ts';

/**
 * Sees to it that an error of ours can be printed with its causes. The last of them is often another's: a store's, a
 * client's, that of a function which was given as an option. It stays the object that it is as long as no known secret can
 * be read in it; otherwise its {@link plainCause} takes its place.
 */
export function withSafeCause<E extends AuthError>(error: E): E {
  const seen = new Set<AuthError>([error]);
  let last: AuthError = error;
  while (isAuthError(last.cause) && !seen.has(last.cause)) {
    last = last.cause;
    seen.add(last);
  }
  const { cause } = last;
  if (cause === undefined || isAuthError(cause) || isHarmless(cause)) return error;
  last.cause = plainCause(cause) ?? mask(said(cause));
  return error;
}

/** Without `authwire/logging`, only what holds nothing but a few plain texts is harmless. */
function isHarmless(cause: unknown): boolean {
  if (registry.engine) return registry.engine.isHarmless(cause);
  try {
    return cause === null || isPlainError(cause) || (typeof cause !== 'object' && isHarmlessText(`${cause}`));
  } catch {
    return false;
  }
}

/** An error of the language or the system: a message, a stack, a code, numbers, and causes of this kind. */
function isPlainError(value: unknown, depth = 0): boolean {
  if (!(value instanceof Error) || 'toJSON' in value || INSPECT in value || depth > 4) return false;
  const { message, stack = '' } = value;
  const end = stack.search(/^\s+at /m);
  const title = end === -1 ? stack : stack.slice(0, end);
  if (withoutSource(message) !== message || !isHarmlessText(title) || maskOwn(stack) === MASK) return false;
  return Reflect.ownKeys(value).every((key) => {
    const field: unknown = Reflect.get(value, key);
    if (key === 'stack') return true;
    return typeof field === 'object'
      ? isPlainError(field, depth + 1)
      : isHarmlessText(`${String(key)} ${String(field)}`);
  });
}

function isHarmlessText(text: string): boolean {
  return mask(text) === text;
}

const INSPECT = Symbol.for('nodejs.util.inspect.custom');

function said(value: unknown): string {
  try {
    return `${value}`;
  } catch {
    return '';
  }
}
