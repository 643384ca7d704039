import { ConfigurationError } from '../../errors.ts';

/** A program and its arguments, as they are given to the system. */
export type Argv = readonly [program: string, ...args: string[]];

/**
 * A copy that nobody can change any more.
 *
 * @throws {@link ConfigurationError} for text, which only a shell could take apart, an empty list, and what is no text.
 */
export function checkedArgv(command: readonly string[]): Argv {
  if (typeof command === 'string') {
    throw refuse("a list such as ['gcloud', 'auth', 'print-access-token']: no shell splits text into words");
  }
  if (!Array.isArray(command) || command.length === 0) throw refuse('a list: the program and its arguments');
  for (const word of command as readonly unknown[]) {
    if (typeof word !== 'string') throw refuse(`a list of strings, but holds ${word === null ? 'null' : typeof word}`);
    // Node's own error would quote it.
    if (word.includes('\0')) throw refuse('a list of strings without NUL characters');
  }
  if (command[0].trim() === '') throw refuse('a list that begins with the name or the path of a program');
  return Object.freeze([...command]) as unknown as Argv;
}

function refuse(expectation: string): ConfigurationError {
  return new ConfigurationError(`option 'command' must be ${expectation}.`, { option: 'command' });
}
