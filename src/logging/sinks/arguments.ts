import type { CredentialFilter } from '../credential-filter.ts';

/**
 * The arguments of a call like `console.log`, masked. On Node they become the one text that would be printed, because
 * an inspector may put together or break what no single argument shows; elsewhere they are masked each by itself.
 */
export function maskArguments(args: readonly unknown[], filter: CredentialFilter, colors = false): unknown[] {
  const masked = args.map((arg) => filter.maskObject(arg));
  const util = globalThis.process?.getBuiltinModule?.('node:util');
  if (util === undefined || args.length === 0) return masked;
  return ['%s', filter.mask(util.formatWithOptions({ colors }, ...masked))];
}
