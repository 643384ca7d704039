import type { SignInFields } from '../fields/sign-in-fields.ts';
import type { SecretOption } from '../secret.ts';

/** The name of a field that a profile may have. */
export type FieldName = keyof SignInFields;

/**
 * Where a layer comes from, from the lowest to the highest. `given` files stand in for the four before
 * them. A project's file that its reader has trusted as it is, is `trusted`.
 */
export type LayerKind = 'system' | 'user' | 'project' | 'trusted' | 'given' | 'environment' | 'arguments';

/**
 * A secret that stands elsewhere: in an environment variable, in a file (its absolute path), or in what a command prints (the
 * program, then its arguments).
 */
export class SecretReference {
  readonly from: 'env' | 'file' | 'command';
  readonly name: string;
  readonly args: readonly string[] | undefined;

  constructor(from: 'env' | 'file' | 'command', name: string, args?: readonly string[]) {
    this.from = from;
    this.name = name;
    this.args = args;
  }
}

/** What a layer says of a field. Text that may be secret is wrapped the moment it is read. */
export interface Entry {
  readonly value: number | boolean | object | SecretOption | SecretReference;
  readonly layer: LayerKind;
  /** `/home/ada/.config/authwire/config.toml:7`, or the name of a variable. */
  readonly place: string;
  /** Whether it is for whichever profile is in use. */
  readonly isOpen?: boolean;
}

/** Which profile is used, and who says so; nobody where it is the default one. */
export interface SelectedProfile {
  readonly name: string;
  readonly place?: string;
  readonly layer?: LayerKind;
}

/** The fields of one profile. */
export type Entries = ReadonlyMap<FieldName, Entry>;

/** Everything that one file, the environment or the caller says. */
export interface Layer {
  readonly kind: LayerKind;
  /** The profile to use. */
  readonly selected?: SelectedProfile;
  readonly profiles: ReadonlyMap<string, Entries>;
}

/** Does the secret stand elsewhere? Headers by name are objects, too. */
export function isReference(value: Entry['value']): value is SecretReference {
  return value instanceof SecretReference;
}
