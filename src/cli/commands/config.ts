import { Argument, type Command } from 'commander';
import { type ConfigAction, type ConfigOptions, complain, config } from '../config.ts';
import { changeFiles, type FileAction, type FileOptions, isFileAction } from '../config-files.ts';

const HELP = `
Actions:
  show   every value of the profile in use and where it comes from; secrets are never shown
  path   the files that are looked for
  check  whether all profiles can be read, with the secrets that they refer to
  init   writes a file with an example in it, which only you may read; never over another file
  edit   opens your file in the editor that VISUAL or EDITOR names, and checks it afterwards
  trust  lifts the restrictions of the project's file, until it changes

Examples:
  authwire config init
  authwire config edit
  authwire config check -p prod
  authwire config trust                # look through .authwire.toml before
  authwire config trust --revoke

Exit codes: 0 all is well; 1 something is wrong.`;

/** Adds `authwire config`. */
export function addConfigCommand(program: Command): void {
  program
    .command('config')
    .description(
      'show profiles, where their values come from, and what is wrong with them; make, edit and trust their files',
    )
    .addArgument(
      new Argument('[action]', 'what to do')
        .choices(['show', 'path', 'check', 'init', 'edit', 'trust'])
        .default('show'),
    )
    .option('-p, --profile <name>', 'the profile to show or to check, instead of the one in use')
    .option('--json', 'write JSON')
    .option('--project', "init, edit: the project's file instead of your own")
    .option('--revoke', 'trust: trust the file no more')
    .addHelpText('after', HELP)
    .action(run);
}

async function run(action: ConfigAction | FileAction, options: ConfigOptions & FileOptions): Promise<void> {
  try {
    const isGood = isFileAction(action) ? await changeFiles(action, options) : config(action, options);
    if (!isGood) process.exitCode = 1;
  } catch (error) {
    complain((error as Error).message);
    process.exitCode = 1;
  }
}
