/**
 * What only Node can do: tokens from a command, secrets from files and the environment.
 */

export { type SecretFileOptions, secretEnv, secretFile } from './secret-file.ts';
