import { type CredentialFilter, credentialFilter } from '../credential-filter.ts';
import { maskArguments } from './arguments.ts';

/** What prints text, and where to. */
const PRINTERS = {
  stdout: ['log', 'info', 'debug', 'dirxml', 'group', 'groupCollapsed'],
  stderr: ['error', 'warn', 'trace'],
} as const;
/** What takes labels and values and formats them itself. */
const OTHERS = ['assert', 'count', 'countReset', 'dir', 'table', 'time', 'timeEnd', 'timeLog'];

/** Puts everything back as it was. */
export type Undo = () => void;

/**
 * Masks whatever is printed through a console from now on.
 *
 * @param target - Default: the console of the process.
 * @param filter - Default: the filter of the process.
 * @returns a function that puts the console's own methods back.
 * @example
 * wrapConsole();
 */
export function wrapConsole(target: object = globalThis.console, filter: CredentialFilter = credentialFilter): Undo {
  const own = new Map<string, unknown>();
  function wrap(name: string, maskAll: (args: unknown[]) => unknown[]): void {
    const method: unknown = Reflect.get(target, name);
    if (typeof method !== 'function') return;
    own.set(name, method);
    Reflect.set(target, name, (...args: unknown[]) => Reflect.apply(method, target, maskAll(args)));
  }
  for (const stream of ['stdout', 'stderr'] as const) {
    const colors = () => globalThis.process?.[stream]?.isTTY === true;
    for (const name of PRINTERS[stream]) wrap(name, (args) => maskArguments(args, filter, colors()));
  }
  for (const name of OTHERS) wrap(name, (args) => args.map((arg) => filter.maskObject(arg)));
  return () => {
    for (const [name, method] of own) Reflect.set(target, name, method);
  };
}
