import type { Argument, Command, Option } from 'commander';

/** Where a word stands on the command line. */
interface Position {
  readonly command: Command;
  /** Of the arguments before it. */
  readonly given: number;
  /** The option whose value it is. */
  readonly option: Option | undefined;
}

/** Arguments that name a profile. */
const PROFILE = /\bprofile\b/;

/**
 * What may replace the last word.
 *
 * @param words - What stands after the program's name, up to the cursor.
 * @param profiles - Gives the names of profiles, where one is wanted.
 */
export function candidates(program: Command, words: readonly string[], profiles: () => readonly string[]): string[] {
  const current = words.at(-1) ?? '';
  const { command, given, option } = positionAfter(program, words.slice(0, -1));
  const found = option === undefined ? inCommand(command, given, current, profiles) : ofOption(option, profiles);
  return [...new Set(found)].filter((word) => word.startsWith(current)).sort();
}

function positionAfter(program: Command, words: readonly string[]): Position {
  let [command, given, option]: [Command, number, Option | undefined] = [program, 0, undefined];
  for (const word of words) {
    if (option !== undefined) option = undefined;
    else if (word.startsWith('-'))
      option = command.options.find((one) => takesValue(one) && [one.long, one.short].includes(word));
    else {
      const next = given === 0 ? command.commands.find((one) => one.name() === word) : undefined;
      if (next === undefined) given += 1;
      else [command, given] = [next, 0];
    }
  }
  return { command, given, option };
}

function takesValue({ required, optional }: Option): boolean {
  return required || optional;
}

function inCommand(command: Command, given: number, current: string, profiles: () => readonly string[]): string[] {
  if (current.startsWith('-')) return [...command.options.flatMap(({ long }) => long ?? []), '--help'];
  const { commands, registeredArguments } = command;
  const argument = registeredArguments[Math.min(given, registeredArguments.length - 1)];
  const isLeft = argument?.variadic === true || given < registeredArguments.length;
  return [
    ...(given === 0 ? commands.map((one) => one.name()).filter((name) => !name.startsWith('_')) : []),
    ...(argument !== undefined && isLeft ? ofArgument(argument, profiles) : []),
  ];
}

function ofArgument(argument: Argument, profiles: () => readonly string[]): readonly string[] {
  return argument.argChoices ?? (PROFILE.test(argument.name()) ? profiles() : []);
}

function ofOption({ argChoices, long }: Option, profiles: () => readonly string[]): readonly string[] {
  return argChoices ?? (long === '--profile' ? profiles() : []);
}
