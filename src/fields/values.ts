/**
 * Values as files and forms write them: numbers and booleans may be text. Each schema's message says what a value must
 * be and never what it was.
 */

import { custom, picklist, pipe, string, transform } from 'valibot';

/** Any text. */
export const text = string('must be text');

const FLAGS: readonly unknown[] = [true, false, 'true', 'false'];

/** `true` or `false`, also as text. */
export const flag = pipe(
  custom<boolean | string>((value) => FLAGS.includes(value), 'must be true or false'),
  transform((value) => String(value) === 'true'),
);

/** A number that isn't negative, also as text. */
export const amount = pipe(
  custom<number | string>(isAmount, 'must be a number that is not negative'),
  transform((value) => Number(value)),
);

/** One of the choices, as it is written there. */
export function choice<const Choice extends string>(...choices: readonly Choice[]) {
  return picklist(choices, `must be one of ${choices.join(', ')}`);
}

function isAmount(value: unknown): boolean {
  if (typeof value === 'string') return /^\s*\d+(?:\.\d+)?\s*$/.test(value);
  return typeof value === 'number' && value >= 0 && value < Number.POSITIVE_INFINITY;
}
