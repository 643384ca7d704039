import { anything, debugSink, flag, type Kind, type Shape } from '../options.ts';
import type { AuthenticatorOptions } from './contract.ts';

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
  logger: debugSink,
};
