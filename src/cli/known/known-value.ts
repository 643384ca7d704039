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
  /** Whether the secrets of all profiles and of OpenStack's clouds are known. Default: true. */
  readonly profiles?: boolean;
  /** Told of secrets that a source speaks of and that are not on this machine. */
  readonly warn?: (message: string) => void;
}

/** One place where known values come from. */
export type KnownValueSource = (options: KnownValueOptions) => Iterable<KnownValue> | Promise<Iterable<KnownValue>>;
