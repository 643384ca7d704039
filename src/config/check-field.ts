import { ConfigurationError } from '../errors.ts';
import { credentialSchema } from '../fields/credential-schema.ts';
import { looksLikeName, suggestion } from '../fields/nearest.ts';
import { readFields } from '../fields/parse.ts';
import { readSignInFields, SIGN_IN_FIELDS, type SignInFieldName } from '../fields/sign-in-fields.ts';
import type { FieldName } from './layer.ts';
import { isAddressField } from './secret-fields.ts';

/** What every authenticator must be able to read; what other text must be, the chosen one says. */
const STRICT: readonly string[] = [
  'debug',
  'proxy',
  'proxyPort',
  'sslverifypeer',
  'timeToNextRequest',
  'tokenAuthRefresh',
  'tokenRefreshTTL',
  'oauth2Type',
  'oauth2AuthType',
];

/** In the authority (RFC 3986 §3.2), or where a password that nobody encoded ends it early: behind a colon is no port. */
const USERINFO = /\/\/[^/?#]*@|\/\/[^/?#:]*:(?!\d*(?:[/?#]|$))[^@]*@/;

/** The names of all fields that a profile may have. */
export const FIELD_NAMES = [...Object.keys(credentialSchema), ...SIGN_IN_FIELDS] as FieldName[];

/** May a profile have a field of this name? */
export function isFieldName(name: string): name is FieldName {
  return Object.hasOwn(credentialSchema, name) || isSignInField(name);
}

/**
 * Refuses what a field cannot hold, wherever it is written.
 *
 * @throws {@link ConfigurationError} naming the place, the field and what it must be; never the value.
 */
export function checkField(name: FieldName, value: unknown, place: string): void {
  try {
    if (isSignInField(name)) readSignInFields({ [name]: value });
    else if (typeof value !== 'string' || STRICT.includes(name)) readFields({ [name]: value }, [name]);
  } catch (cause) {
    throw new ConfigurationError(`${place}: ${(cause as Error).message}`, { option: name, cause });
  }
  if (isAddressField(name) && holdsUserinfo(name, String(value))) {
    const message = `${place}: field '${name}' must hold no user and password: there are fields for them.`;
    throw new ConfigurationError(message, { option: name });
  }
}

function isSignInField(name: string): name is SignInFieldName {
  return (SIGN_IN_FIELDS as readonly string[]).includes(name);
}

/** The address of a proxy has no path that an `@` could stand in. */
function holdsUserinfo(name: FieldName, text: string): boolean {
  return name === 'proxyHost' ? text.includes('@') : USERINFO.test(text);
}

/** @throws {@link ConfigurationError} naming the field that comes nearest. */
export function refuseUnknownField(name: string, place: string): never {
  const message = `${place}: there is no field ${shownName(name)}.${suggestion(name, FIELD_NAMES)}`;
  throw new ConfigurationError(message);
}

/** A typing error is worth being repeated. What looks like no name may be a secret in the wrong place. */
export function shownName(name: string): string {
  return looksLikeName(name) ? `'${name}'` : 'of such a name';
}
