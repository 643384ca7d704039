#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { addAuthCommand } from './commands/auth.ts';
import { addConfigCommand } from './commands/config.ts';
import { addMaskCommand } from './commands/mask.ts';

const program = new Command('authwire')
  .description('Authentication for HTTP clients: tools for the command line')
  .version(version());

addAuthCommand(program);
addConfigCommand(program);
addMaskCommand(program);
await program.parseAsync();

function version(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
