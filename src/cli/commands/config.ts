import { Argument, type Command } from 'commander';
import { type ConfigAction, type ConfigOptions, complain, config } from '../config.ts';

const HELP = `
Actions:
  show   every value of the profile in use and where it comes from; secrets are never shown
  path   the files that are looked for
  check  whether all profiles can be read, with the secrets that they refer to

Exit codes: 0 all is well; 1 something is wrong.`;

/** Adds `authwire config`. */
export function addConfigCommand(program: Command): void {
  program
    .command('config')
    .description('show profiles, where their values come from, and what is wrong with them')
    .addArgument(new Argument('[action]', 'what to do').choices(['show', 'path', 'check']).default('show'))
    .option('-p, --profile <name>', 'the profile to show or to check, instead of the one in use')
    .option('--json', 'write JSON')
    .addHelpText('after', HELP)
    .action(run);
}

function run(action: ConfigAction, options: ConfigOptions): void {
  try {
    if (!config(action, options)) process.exitCode = 1;
  } catch (error) {
    complain((error as Error).message);
    process.exitCode = 1;
  }
}
