import type { CredentialFields } from '../fields/credential-fields.ts';
import type { SecretOption } from '../secret.ts';

/** The name of a credential field. */
export type FieldName = keyof CredentialFields;

/** Where a layer comes from, from the lowest to the highest. `given` files stand in for the three before them. */
export type LayerKind = 'system' | 'user' | 'project' | 'given' | 'environment' | 'arguments';

/** A secret that stands elsewhere: in an environment variable, or in a file (its absolute path). */
export class SecretReference {
  readonly from: 'env' | 'file';
  readonly name: string;

  constructor(from: 'env' | 'file', name: string) {
    this.from = from;
    this.name = name;
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
