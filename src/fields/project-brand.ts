/**
 * A mark on credential fields that come from a project's file, which is part of whatever repository somebody has cloned:
 * they say where a secret goes. It is copied along by `{ ...fields }`, so that a secret added to the copy is noticed.
 */

import { ConfigurationError } from '../errors.ts';
import type { CredentialFields } from './credential-fields.ts';

const brand: unique symbol = Symbol.for('authwire.projectFields.v1');

/** What the mark says. */
interface ProjectBrand {
  /** The file, and the line of the profile's first field. */
  readonly place: string;
  /** Is this the value that the project itself gave? */
  readonly gave: (field: string, value: unknown) => boolean;
}

/** Marks the fields of a profile that a project's file defines. */
export function brandProjectFields(fields: CredentialFields, place: string): void {
  const given = new Map(Object.entries(fields));
  const mark: ProjectBrand = Object.freeze({
    place,
    gave: (field: string, value: unknown) => given.get(field) === value,
  });
  Object.defineProperty(fields, brand, { value: mark, enumerable: true });
}

const SECRETS = [
  'password',
  'apikey',
  'oauth2ClientSecret',
  'oauth2ResourceOwnerPassword',
  'proxyPasswd',
  'httpHeader1',
  'httpHeader2',
  'httpHeaders',
  'oauth2ResourceOwnerAdditionalParams',
  'opts',
] as const satisfies readonly (keyof CredentialFields)[];

/**
 * Refuses a secret that was added to the fields of a project's file: the project would say where it is sent.
 *
 * @throws {@link ConfigurationError} naming the field and the way out.
 */
export function refuseAddedSecret(fields: CredentialFields): void {
  const mark = (fields as { readonly [brand]?: ProjectBrand })[brand];
  if (mark === undefined) return;
  for (const option of SECRETS) {
    const value: unknown = Object.hasOwn(fields, option) ? fields[option] : undefined;
    if (value === undefined || value === null || value === '' || mark.gave(option, value)) continue;
    throw new ConfigurationError(
      `field '${option}' was added to a profile of ${mark.place}: a project's file may not say where your secrets are ` +
        'sent. Move the profile to your own file, look this one through and run authwire config trust, or name it in option ' +
        "'files' of loadConfig or in AUTHWIRE_CONFIG, which trusts it.",
      { option },
    );
  }
}
