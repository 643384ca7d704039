import { Argument, type Command } from 'commander';
import { loadConfig } from '../../config/load.ts';
import { candidates } from '../completion/candidates.ts';
import { SCRIPTS } from '../completion/scripts.ts';
import { writeData } from '../output.ts';

const HELP = `
Examples:
  authwire completion bash >> ~/.bashrc
  authwire completion zsh > "\${fpath[1]}/_authwire"
  authwire completion fish > ~/.config/fish/completions/authwire.fish

Exit codes: 0 done; 1 an error.`;

/** Adds `authwire completion`, and what its scripts ask. */
export function addCompletionCommand(program: Command): void {
  program
    .command('completion')
    .description('print what your shell needs to complete commands, options and the names of profiles')
    .addArgument(new Argument('<shell>', 'the shell').choices(Object.keys(SCRIPTS)))
    .addHelpText('after', HELP)
    .action((shell: keyof typeof SCRIPTS) => writeData(SCRIPTS[shell]));
  program
    .command('__complete', { hidden: true })
    .argument('[word...]')
    .action((words: string[]) =>
      writeData(
        candidates(program, words, profileNames)
          .map((word) => `${word}\n`)
          .join(''),
      ),
    );
}

/** A broken configuration completes nothing. */
function profileNames(): readonly string[] {
  try {
    return loadConfig({ onWarning: () => {} }).profileNames;
  } catch {
    return [];
  }
}
