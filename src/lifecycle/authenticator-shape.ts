import { anything, debugSink, flag, type Shape } from '../options.ts';
import { refusedWhenKind } from './call-options.ts';
import type { AuthenticatorOptions } from './contract.ts';

/** The kinds of the options that every authenticator takes. */
export const authenticatorShape: Shape<AuthenticatorOptions> = {
  // What is wrong with them, their rule says.
  origins: anything,
  refusedWhen: refusedWhenKind,
  debug: flag,
  logger: debugSink,
};
