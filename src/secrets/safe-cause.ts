import { type AuthError, isAuthError } from '../errors.ts';
import { inWords } from './debug-fields.ts';
import { plainCause } from './plain-cause.ts';
import { mask, maskKnown } from './registry.ts';
import { withoutSource } from './without-source.ts';

/** Errors of ours may be causes of each other. */
const DEEPEST = 100;

/**
 * Sees to it that an error of ours can be printed with its causes. The last of them is often another's: a store's, a
 * client's, that of a function which was given as an option. It stays the object that it is if it holds nothing but texts
 * and errors without a secret; otherwise its {@link plainCause} takes its place.
 */
export function withSafeCause<E extends AuthError>(error: E, depth = 0): E {
  const { cause } = error;
  if (!isAuthError(cause)) {
    if (!isHarmless(cause)) error.cause = plainCause(cause) ?? mask(inWords(cause));
  } else if (depth < DEEPEST) withSafeCause(cause, depth + 1);
  return error;
}

/** Objects of other kinds may print whatever they like. */
function isHarmless(value: unknown, depth = 0): boolean {
  if (Object(value) !== value) return isHarmlessText(String(value));
  if (!(value instanceof Error) || 'toJSON' in value || INSPECT in value || depth > 4) return false;
  try {
    const { stack = '' } = value;
    return (
      maskKnown(stack) === stack &&
      isHarmlessText(stack.split(/^\s+at /m)[0] as string) &&
      Reflect.ownKeys(value).every(
        (key) => key === 'stack' || (isHarmlessText(String(key)) && isHarmless(Reflect.get(value, key), depth + 1)),
      )
    );
  } catch {
    return false;
  }
}

function isHarmlessText(text: string): boolean {
  return mask(text) === text && withoutSource(text) === text;
}

/** The message of an error, masked unless it is one of ours. */
export function reasonOf(error: unknown): string {
  return isAuthError(error)
    ? error.message
    : mask(withoutSource(error instanceof Error ? error.message : String(error)));
}

const INSPECT = Symbol.for('nodejs.util.inspect.custom');
