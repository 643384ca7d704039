import { ConfigurationError } from '../errors.ts';

/**
 * The text of an option, or `undefined` where it is not given.
 *
 * @throws {@link ConfigurationError} for anything else, and for text that is empty.
 */
export function textOption<Name extends string>(
  options: { readonly [Key in Name]?: unknown },
  name: Name,
): string | undefined {
  const value: unknown = options[name];
  if (value === undefined || (typeof value === 'string' && value !== '')) return value;
  return refuse(name, 'takes text that is not empty.');
}

/** Which of these options are given, in their order. */
export function givenOptions<Name extends string>(
  options: { readonly [Key in Name]?: unknown },
  names: readonly Name[],
): readonly Name[] {
  return names.filter((name) => options[name] !== undefined);
}

/** @throws {@link ConfigurationError} naming the option, always. */
export function refuse(option: string, problem: string): never {
  throw new ConfigurationError(`option '${option}' ${problem}`, { option });
}
