import type { FileState } from './files.ts';
import type { FieldState } from './shown.ts';

/** A configuration as plain data, without secrets. */
export interface ConfigDescription {
  /** The profile in use. */
  readonly profile: string;
  /** The names of all profiles. */
  readonly profiles: readonly string[];
  /** The fields of the profile in use, and where each comes from. */
  readonly fields: readonly FieldState[];
  /** The files that were looked for. */
  readonly files: readonly FileState[];
  /** Problems that do not stop loading. */
  readonly warnings: readonly string[];
}
