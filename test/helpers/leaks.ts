import { inspect } from 'node:util';
import { findMarks, formsOf } from './leaks-forms.ts';
import { print, printers } from './leaks-printers.ts';

const deep = (value: unknown) => inspect(value, { depth: null, maxArrayLength: null, maxStringLength: null });

/**
 * The printers whose output holds one of the secrets in any form; empty where nothing leaks. Tables are left to
 * {@link markedLeaks}, which looks at failures: got's successes hide from every other printer, because to hide from this one
 * costs more than all the rest of signing.
 */
export function leaks(value: unknown, ...secrets: readonly string[]): string[] {
  const forms = secrets.flatMap(formsOf);
  const { 'console.table': _table, ...others } = printers;
  return Object.entries({ ...others, 'inspect, depth null': deep })
    .filter(([, printer]) => {
      const text = print(printer, value);
      return forms.some((form) => text.includes(form));
    })
    .map(([name]) => name);
}

/** Where a marked secret, whichever it is, stands in what the values print: the printer, and the surroundings. */
export function markedLeaks(...values: readonly unknown[]): string[] {
  return values.flatMap((value) =>
    Object.entries(printers).flatMap(([name, printer]) =>
      findMarks(print(printer, value)).map((found) => `${name}: ${found}`),
    ),
  );
}
