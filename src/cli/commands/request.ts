import { type Command, InvalidArgumentError } from 'commander';
import { type RequestOptions, sendRequest } from '../request/send.ts';
import { runCommand } from '../run-command.ts';
import { profileName, url, withLoginOptions } from './login-options.ts';

const HELP = `
Examples:
  authwire request https://api.example.com/me                 # with the profile in use, or the only login
  authwire request -p prod /reports                           # below the profile's url
  authwire request -p prod POST /reports --json '{"year": 2026}'
  authwire request PUT https://api.example.com/file -d @report.pdf -H 'Content-Type: application/pdf'
  authwire request https://api.example.com/export -o export.csv

The body goes to standard output, whatever the status is. Nobody is asked to sign in: run authwire login before.

Exit codes: 0 the server answered 2xx; 1 an error, or no answer; 3 nobody is signed in; 4 the server answered 4xx; 5 it
answered 5xx; 6 it answered 3xx, and that was not followed; 130 interrupted.`;

/** Adds `authwire request`. */
export function addRequestCommand(program: Command): void {
  const command = program
    .command('request')
    .description('send one authenticated request')
    .argument('<method|url>', 'the method (default: GET, with a body POST), or the URL')
    .argument('[url]', 'the URL, absolute or below the url of the profile')
    .option('-p, --profile <name>', 'the profile whose credential is used', profileName)
    .option('--issuer <url>', 'use the login at this authorization server', url)
    .option('-H, --header <line>', "a header, 'Name: value', or @file with one a line; repeatable", addTo)
    .option('-d, --data <text>', 'the body: text, @file, or @- for standard input')
    .option('--json <text>', 'the same as JSON')
    .option('-i, --include', 'write status and headers before the body')
    .option('-o, --output <file>', 'write the body to a file');
  withLoginOptions(command)
    .addHelpText('after', HELP)
    .action((first: string, second: string | undefined, options: RequestOptions) => {
      const [method, address] = second === undefined ? [undefined, first] : [first, second];
      if (method !== undefined && !/^[A-Za-z][A-Za-z-]*$/.test(method))
        command.error('error: the method comes before the URL');
      return runCommand('request', (interruption) => sendRequest({ ...options, method, address }, interruption));
    });
}

/** Anyone who may list processes reads the arguments. */
const SECRET = /^\s*(?:(?:proxy-)?authorization|cookie|(?:x-)?api-?key|[\w-]*token)\s*:/i;

function addTo(line: string, before: readonly string[] = []): readonly string[] {
  if (SECRET.test(line)) {
    throw new InvalidArgumentError(
      'Other users can read the arguments of a process: put the header into a file, -H @file.',
    );
  }
  return [...before, line];
}
