import type { Command } from 'commander';
import { type MaskOptions, mask } from '../mask.ts';

const HELP = `
Examples:
  authwire mask app.log > clean.log
  authwire mask session.har --credentials credentials.json > clean.har
  curl -v https://api.example/ 2>&1 | authwire mask
  authwire mask --env DB_PASS app.log

Exit codes: 0 done; 1 a file, a variable or an option is wrong.
Text is UTF-8. Look through the result before you send it: a secret that no rule knows stays.`;

/** Adds `authwire mask`. */
export function addMaskCommand(program: Command): void {
  // Commander keeps `--env` and `--no-env` in one place, where the last would win.
  const variables: string[] = [];
  program
    .command('mask')
    .description('take secrets out of logs and HAR files: known values, and what looks like a credential')
    .argument('[file...]', 'files to mask, one after the other; - or none is standard input')
    .option(
      '--env <name>',
      'an environment variable that is secret, besides those with such names; repeatable',
      (name: string): true => {
        variables.push(name);
        return true;
      },
    )
    .option('--no-env', 'take no values from the environment')
    .option('--credentials <file>', 'a JSON file of credential fields, whose secrets are masked; repeatable', addTo)
    .option('--no-profiles', 'take no values from profiles and clouds.yaml')
    .option('-q, --quiet', 'do not say on standard error what was masked')
    .addHelpText('after', HELP)
    .action((files: string[], options: Given) => run(files, { ...options, env: options.env !== false, variables }));
}

/** As commander reads them. */
type Given = Omit<MaskOptions, 'env' | 'variables'> & { readonly env?: unknown };

async function run(files: string[], options: MaskOptions): Promise<void> {
  try {
    await mask(files, options);
  } catch (error) {
    // The reader has closed the pipe: `authwire mask app.log | head`.
    if ((error as NodeJS.ErrnoException).code === 'EPIPE') process.exit(0);
    process.stderr.write(`authwire mask: ${(error as Error).message}\n`);
    process.exitCode = 1;
  }
}

function addTo(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}
