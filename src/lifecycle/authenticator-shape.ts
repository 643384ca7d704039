import { anything, flag, type Kind, type Shape } from '../options.ts';
import type { AuthenticatorOptions } from './contract.ts';

const logger: Kind = {
  wanted: 'an object with a method debug, such as pino or console',
  test: (value) => typeof (value as { debug?: unknown } | null)?.debug === 'function',
};

const refusedWhen: Kind = {
  wanted: 'a list of statuses or a function',
  test: (value) => typeof value === 'function' || Array.isArray(value),
};

/** The kinds of the options that every authenticator takes. */
export const authenticatorShape: Shape<AuthenticatorOptions> = {
  // What is wrong with them, their rule says.
  origins: anything,
  refusedWhen,
  debug: flag,
  logger,
};
