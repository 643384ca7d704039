import { type CredentialFilter, credentialFilter } from '../credential-filter.ts';
import { maskArguments } from './arguments.ts';
import { override, type Undo, undoAll } from './override.ts';

/** What prints text, and where to. */
const PRINTERS = {
  stdout: ['log', 'info', 'debug', 'dirxml', 'group', 'groupCollapsed'],
  stderr: ['error', 'warn', 'trace'],
} as const;
/** What takes labels and values and formats them itself. */
const OTHERS = ['assert', 'count', 'countReset', 'dir', 'table', 'time', 'timeEnd', 'timeLog'];

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
  const undo: Undo[] = [];
  for (const stream of ['stdout', 'stderr'] as const) {
    const colors = () => globalThis.process?.[stream]?.isTTY === true;
    for (const name of PRINTERS[stream]) {
      undo.push(override(target, name, (args) => maskArguments(args, filter, colors())));
    }
  }
  for (const name of OTHERS) undo.push(override(target, name, (args) => args.map((arg) => filter.maskObject(arg))));
  return undoAll(undo);
}
