/**
 * Which fields a `build` reads. A field that was given and that nobody reads would be left out in silence: the key that
 * was meant for one origin, or for a proxy, would travel anywhere.
 */

import type { CredentialFields } from '../fields/credential-fields.ts';
import { credentialSchema, type FieldName } from '../fields/credential-schema.ts';
import { jsonObject } from '../fields/json-object.ts';
import { readFields, SHARED } from '../fields/parse.ts';
import { refuse } from '../fields/problems.ts';
import { isSet } from '../fields/read.ts';
import type { AuthenticatorClass } from './registry.ts';

/** Read by `buildAuthenticator` itself, or only where `proxy` is true, by the transport. */
const READ_ELSEWHERE: readonly string[] = [
  'authType',
  'authOverride',
  'proxyHost',
  'proxyPort',
  'proxyUser',
  'proxyPasswd',
];

/** What every authenticator honours, because it says where and how a credential travels. */
const COMMON: readonly string[] = [...SHARED, 'proxy', 'sslverifypeer', 'ca_path', 'opts'] satisfies FieldName[];

const JSON_FIELDS: readonly string[] = [
  'opts',
  'httpHeaders',
  'oauth2ResourceOwnerAdditionalParams',
] satisfies FieldName[];

/** The fields, and the names of those that have been read so far. What is copied counts as read. */
export function recordReads(fields: CredentialFields): {
  readonly recorded: CredentialFields;
  readonly names: ReadonlySet<string>;
} {
  const names = new Set<string>();
  const recorded = new Proxy(fields, {
    get(target, name) {
      if (typeof name === 'string') names.add(name);
      return Reflect.get(target, name);
    },
  });
  return { recorded, names };
}

/**
 * Refuses the fields that were given and not read. A built-in authenticator may leave those of other schemes: the docs
 * say which it reads, and forms keep what was typed for another one.
 *
 * @throws {@link ConfigurationError} naming each of them.
 */
export function refuseUnread(
  fields: CredentialFields,
  read: ReadonlySet<string>,
  target: AuthenticatorClass,
  isBuiltIn: boolean,
): void {
  const bound = isBuiltIn ? COMMON : Object.keys(fields);
  const unread = bound.filter((name) => !read.has(name) && !READ_ELSEWHERE.includes(name) && isGiven(fields, name));
  if (unread.length === 0) return;
  const name = target.getName();
  refuse(
    unread.map((field) => {
      const hint = COMMON.includes(field) && field !== 'opts' ? ', such as with buildWith' : '';
      return {
        field,
        says: `is set, but ${name} does not read it: leave it out, or read it in the build of ${name}${hint}.`,
      };
    }),
  );
}

/** Does a field say anything else than its default does? */
function isGiven(fields: CredentialFields, name: string): boolean {
  const field = name as FieldName;
  if (!isSet(fields, field)) return false;
  if (!Object.hasOwn(credentialSchema, name)) return true;
  if (JSON_FIELDS.includes(name)) return jsonObject(fields[field])?.size !== 0;
  try {
    return readFields(fields, [field])[field] !== readFields({}, [field])[field];
  } catch {
    return true;
  }
}
