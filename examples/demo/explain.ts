import { credentialFilter } from '../../src/logging/index.ts';

/** What stands in the table where there is no status: an error's name and message, without secrets. */
export function explain(error: unknown): string {
  return credentialFilter.mask(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
}
