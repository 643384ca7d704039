import { type Command, InvalidArgumentError, Option } from 'commander';
import { isProfileName } from '../../config/profile-name.ts';
import type { LoginQuery } from '../logins/login.ts';
import { STORES, type StoreName } from '../logins/stores.ts';

/** What the commands about logins share, as commander reads it. */
export interface LoginOptions {
  readonly clientId?: string;
  readonly account?: string;
  /** What keeps the login. Default: what the profile says, else `auto`. */
  readonly store?: StoreName;
}

/** Adds `--client-id`, `--account` and `--store`. */
export function withLoginOptions(command: Command): Command {
  return command
    .option('--client-id <id>', 'the client at the authorization server')
    .option('--account <name>', 'your name for one of several accounts')
    .addOption(storeOption());
}

/** Where logins are kept. */
export function storeOption(): Option {
  return new Option('--store <store>', 'what keeps the login; auto: the keyring, and files where there is none')
    .choices(STORES)
    .env('AUTHWIRE_STORE');
}

/** Reads what names a login: an address, or a profile. */
export function target(text: string): string {
  return text.includes('://') ? url(text) : profileName(text);
}

/** Is it an address, and no profile? */
export function isAddress(text: string): boolean {
  return text.includes('://');
}

/** Reads the name of a profile. */
export function profileName(text: string): string {
  if (isProfileName(text)) return text;
  throw new InvalidArgumentError('It must be the name of a profile, or an address such as https://login.example.com.');
}

/** Which login is meant. */
export function queryOf(server: string | undefined, { clientId, account }: LoginOptions): LoginQuery {
  return {
    ...(server !== undefined && { server }),
    ...(clientId !== undefined && { clientId }),
    ...(account !== undefined && { account }),
  };
}

/** Reads an address. */
export function url(text: string): string {
  if (text.includes('://') && URL.canParse(text)) return text;
  throw new InvalidArgumentError(
    'It must be the address of an authorization server, such as https://login.example.com.',
  );
}

/** Reads a number of seconds. */
export function seconds(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && value <= 2_000_000) return value;
  throw new InvalidArgumentError('It must be a number of seconds from 0 to 2000000.');
}
