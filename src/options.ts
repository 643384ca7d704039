/**
 * The one reader of options. Every public function reads what it was given here, once, before anything else happens: own
 * properties only, so that nothing comes from `Object.prototype`; names that nobody knows and values of the wrong kind
 * are errors.
 */

import { ConfigurationError } from './errors.ts';
import { isSecret } from './secret.ts';

/** A kind of value. */
export interface Kind {
  /** What an error asks for: `option 'header' must be ${wanted}, got a number`. */
  readonly wanted: string;
  test(value: unknown): boolean;
  /**
   * Writing the option down and giving `undefined` means something else than leaving it out, such as a secret from a
   * variable that is not set: refuse it. Default: `undefined` counts as left out.
   */
  readonly defined?: boolean;
}

/** The kind of each option. The type makes sure that no option is forgotten. */
export type Shape<Options> = { readonly [Name in AllKeys<Options>]-?: Kind };

/** The keys of every member of a union. */
type AllKeys<Options> = Options extends unknown ? keyof Options : never;

export const anything: Kind = { wanted: 'given a value', test: () => true };
export const text: Kind = { wanted: 'text', test: (value) => typeof value === 'string' };
export const flag: Kind = { wanted: 'true or false', test: (value) => typeof value === 'boolean' };
export const func: Kind = { wanted: 'a function', test: (value) => typeof value === 'function' };
export const object: Kind = { wanted: 'an object', test: (value) => typeof value === 'object' && value !== null };
/** A duration that may be zero. */
export const milliseconds: Kind = {
  wanted: 'a number of milliseconds, 0 or more',
  test: (value) => typeof value === 'number' && value >= 0,
};
/** A duration to wait for. */
export const positiveMilliseconds: Kind = {
  wanted: 'a positive number of milliseconds',
  test: (value) => typeof value === 'number' && value > 0,
};
export const urlLike: Kind = {
  wanted: 'a URL, as text or as a URL object',
  test: (value) => typeof value === 'string' || (isObject(value) && typeof value.href === 'string'),
};
/** A {@link SecretOption}. */
export const secretOption: Kind = {
  wanted: 'text, a Secret or a function that returns one of them',
  test: (value) => typeof value === 'string' || typeof value === 'function' || isSecret(value),
  defined: true,
};
export const texts: Kind = {
  wanted: 'text or a list of texts',
  test: (value) => typeof value === 'string' || (Array.isArray(value) && value.every((one) => typeof one === 'string')),
};
export const textRecord: Kind = {
  wanted: 'an object whose values are text',
  test: (value) => isObject(value) && Object.values(value).every((one) => typeof one === 'string'),
};

/** A {@link DebugSink}. */
export const debugSink: Kind = {
  wanted: 'an object with a method debug, such as pino or console',
  test: (value) => typeof (value as { debug?: unknown } | null)?.debug === 'function',
};

/** One of a few words. */
export function oneOf(...words: readonly string[]): Kind {
  return { wanted: `'${words.join("' or '")}'`, test: (value) => words.includes(value as string) };
}

/** Any of several kinds. */
export function either(...kinds: readonly Kind[]): Kind {
  return {
    wanted: kinds.map(({ wanted }) => wanted).join(', or '),
    test: (value) => kinds.some((kind) => kind.test(value)),
  };
}

/** What helps with a misspelt name. Entries that can afford it find the nearest name instead. */
export const spelling: { hint: (name: string, known: readonly string[]) => string } = {
  hint: (_name, known) => `It takes: ${known.join(', ')}.`,
};

/**
 * Reads options.
 *
 * @param what - Who takes them, for errors: `fetchAuth`, `AuthBasic`.
 * @returns A copy without a prototype that holds the given options and nothing else; `undefined` counts as left out.
 * @throws {@link ConfigurationError} naming the option that is unknown or of the wrong kind. Values are never shown.
 */
export function readOptions<Options extends object>(
  what: string,
  given: Options | undefined,
  shape: Shape<Options>,
): Options {
  const options = pickOptions(what, given, shape);
  const option = Object.keys(given ?? {}).find((name) => !Object.hasOwn(shape, name));
  if (option === undefined) return options;
  throw new ConfigurationError(`${what} has no option '${option}'. ${spelling.hint(option, Object.keys(shape))}`, {
    option,
  });
}

/** The same for one layer of several: leaves names that the shape does not know to the others. */
export function pickOptions<Options extends object>(
  what: string,
  given: Options | undefined,
  shape: Shape<Options>,
): Options {
  const options: Record<string, unknown> = Object.create(null);
  if (given === undefined) return options as Options;
  if (!isObject(given) || Array.isArray(given)) {
    throw new ConfigurationError(`${what} takes its options as an object, got ${describe(given)}.`);
  }
  for (const [option, kind] of Object.entries<Kind>(shape)) {
    if (!Object.hasOwn(given, option)) continue;
    const value = given[option];
    if (value === undefined ? kind.defined : !kind.test(value)) {
      const hint = value === undefined ? ': leave the option out, or set the variable that it comes from' : '';
      throw new ConfigurationError(
        `${what}: option '${option}' must be ${kind.wanted}, got ${describe(value)}${hint}.`,
        { option },
      );
    }
    if (value !== undefined) options[option] = value;
  }
  return options as Options;
}

/** The kinds of a shape, but for those of some options. */
export function shapeWithout<Kinds extends object, Name extends keyof Kinds & string>(
  shape: Kinds,
  ...names: readonly Name[]
): Omit<Kinds, Name> {
  const kept = Object.entries(shape).filter(([name]) => !names.includes(name as Name));
  return Object.fromEntries(kept) as Omit<Kinds, Name>;
}

/** Options joined to new ones, which have no prototype either: `{ ...options }` would inherit from `Object.prototype`. */
export function joinOptions<First extends object, Second extends object>(first: First, second: Second): First & Second {
  return Object.assign(Object.create(null), first, second);
}

/** What was found, never its value: it may be a secret that went into the wrong place. */
function describe(value: unknown): string {
  if (typeof value === 'string') return value ? 'text' : 'empty text';
  if (!isObject(value))
    return value === undefined || value === null || Number.isNaN(value) ? `${value}` : `a ${typeof value}`;
  return Array.isArray(value) ? 'a list' : 'an object';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
