#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { addAuthCommand } from './commands/auth.ts';
import { addCompletionCommand } from './commands/completion.ts';
import { addConfigCommand } from './commands/config.ts';
import { addLoginCommand } from './commands/login.ts';
import { addLogoutCommand } from './commands/logout.ts';
import { addMaskCommand } from './commands/mask.ts';
import { addRequestCommand } from './commands/request.ts';
import { addStatusCommand } from './commands/status.ts';
import { addStoreCommand } from './commands/store.ts';
import { addTokenCommand } from './commands/token.ts';

const HELP = `
Examples:
  authwire login https://login.example.com --client-id my-cli
  authwire request https://api.example.com/me
  authwire config init
  authwire mask app.log > clean.log

Each command has its own help, with examples and exit codes: authwire login --help`;

const program = new Command('authwire')
  .description('Authentication for HTTP clients: tools for the command line')
  .version(version())
  .addHelpText('after', HELP)
  .configureOutput({ outputError: (text, write) => write(withoutValues(text)) });

addLoginCommand(program);
addLogoutCommand(program);
addTokenCommand(program);
addStatusCommand(program);
addRequestCommand(program);
addStoreCommand(program);
addAuthCommand(program);
addConfigCommand(program);
addMaskCommand(program);
addCompletionCommand(program);
await program.parseAsync();

/** What is wrong with an argument can be said without it: it may be a secret, and logs of CI jobs keep what is printed. */
function withoutValues(text: string): string {
  return text
    .replace(/argument '.*' is invalid/s, 'argument is invalid')
    .replace(/(unknown option '[^'=]*)=.*'/s, "$1'");
}

function version(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
