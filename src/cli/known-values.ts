import { credentialFileValues } from './known/credential-file.ts';
import { environmentValues, namedValues } from './known/environment.ts';

/** A value to mask. Its name is said where something is wrong with it. */
export interface KnownValue {
  readonly name: string;
  readonly value: string;
}

/** What the command line says about known values. */
export interface KnownValueOptions {
  /** Whether the environment is searched for names that sound secret. Default: true. */
  readonly env?: boolean;
  /** Variables that are secret in any case. */
  readonly variables?: readonly string[];
  /** Files of credential fields. */
  readonly credentials?: readonly string[];
}

/** One place where known values come from. */
export type KnownValueSource = (options: KnownValueOptions) => Iterable<KnownValue>;

const SOURCES: readonly KnownValueSource[] = [environmentValues, namedValues, credentialFileValues];

/**
 * All values that are known to be secret.
 *
 * @throws {@link ConfigurationError} where a variable or a file is missing, or holds something else.
 */
export function knownValues(options: KnownValueOptions): KnownValue[] {
  return SOURCES.flatMap((source) => [...source(options)]);
}
