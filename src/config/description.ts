import type { FileState } from './files.ts';
import type { FieldState } from './shown.ts';

/** A configuration as it is shown: plain data without secrets. */
export interface ConfigDescription {
  readonly profile: string;
  readonly profiles: readonly string[];
  readonly fields: readonly FieldState[];
  readonly files: readonly FileState[];
  readonly warnings: readonly string[];
}
