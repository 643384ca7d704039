import { type CredentialFilter, credentialFilter } from '../credential-filter.ts';
import { maskArguments } from './arguments.ts';
import type { Undo } from './console.ts';

/**
 * Masks whatever the package `debug` prints from now on, but for instances with a `log` of their own.
 *
 * @param debug - What `import debug from 'debug'` gives, or one instance of it.
 * @param filter - Default: the filter of the process.
 * @returns a function that puts the former `log` back.
 * @example
 * wrapDebug(debug);
 */
export function wrapDebug(debug: object, filter: CredentialFilter = credentialFilter): Undo {
  const { log } = debug as { log?: unknown };
  // An instance without a log of its own has nothing to wrap: wrap the package.
  if (typeof log !== 'function') return () => {};
  Reflect.set(debug, 'log', function masked(this: unknown, ...args: unknown[]) {
    return Reflect.apply(log, this, maskArguments(args, filter));
  });
  return () => Reflect.set(debug, 'log', log);
}
