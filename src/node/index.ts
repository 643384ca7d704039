/**
 * What only Node can do: tokens from a command, secrets from files and the environment.
 */

export { AuthCommand, type AuthCommandOptions } from './command/auth-command.ts';
export { CommandError, type CommandErrorKind } from './command/error.ts';
export { type CommandOptions, commandSource } from './command/source.ts';
export { type SecretFileOptions, secretEnv, secretFile } from './secret-file.ts';
export { serviceAccount } from './service-account.ts';
