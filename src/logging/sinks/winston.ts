import { type CredentialFilter, credentialFilter } from '../credential-filter.ts';

/** What winston looks up transports by: it must stay what it is. */
const LEVEL = Symbol.for('level');

/** A format as winston takes it. */
export interface MaskFormat {
  transform(info: object): never;
}

/**
 * A format for winston that masks the fields and, where formats before it have made one, the final text: put it last.
 *
 * @param filter - Default: the filter of the process.
 * @example
 * const log = winston.createLogger({ format: format.combine(format.json(), winstonFormat()) });
 */
export function winstonFormat(filter: CredentialFilter = credentialFilter): MaskFormat {
  return {
    transform(info) {
      const masked = filter.maskObject(info) as Record<symbol, unknown>;
      masked[LEVEL] = Reflect.get(info, LEVEL);
      return masked as never;
    },
  };
}
