import { type CredentialFilter, credentialFilter } from '../credential-filter.ts';
import { maskArguments } from './arguments.ts';
import { override, type Undo } from './override.ts';

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
  // An instance without a log of its own has nothing to wrap: wrap the package.
  return override(debug, 'log', (args) => maskArguments(args, filter));
}
