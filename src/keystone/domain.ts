import { refuse, textOption } from './options.ts';

/** A reference to a thing of Keystone's: by its id, or by a name, which only a domain makes unique. */
export type Reference = { readonly id: string } | { readonly name: string; readonly domain?: Domain };

/** A domain, by id or by name. */
export type Domain = { readonly id: string } | { readonly name: string };

/** The names of the four options that say who or what is meant. */
export interface ReferenceOptionNames<Name extends string> {
  readonly id: Name;
  readonly name: Name;
  readonly domainId: Name;
  readonly domainName: Name;
}

/**
 * Reads a user or project. Ids are unique by themselves; names are so within a domain only, and therefore need one.
 *
 * @returns `undefined` where none of the options is given.
 * @throws {@link ConfigurationError} naming the option that is missing or too much.
 */
export function referenceOption<Name extends string>(
  options: { readonly [Key in Name]?: unknown },
  names: ReferenceOptionNames<Name>,
): Reference | undefined {
  const [id, name] = [textOption(options, names.id), textOption(options, names.name)];
  const domain = domainOption(options, { id: names.domainId, name: names.domainName });
  const domainName = textOption(options, names.domainId) === undefined ? names.domainName : names.domainId;
  if (id !== undefined && name !== undefined)
    refuse(names.name, `and '${names.id}' name the same thing: give one of them.`);
  if (id !== undefined) {
    if (domain === undefined) return { id };
    return refuse(domainName, `goes with '${names.name}': an id needs no domain. Leave it out.`);
  }
  if (name !== undefined) {
    if (domain !== undefined) return { name, domain };
    return refuse(names.domainName, `(or '${names.domainId}') must say in which domain '${names.name}' is.`);
  }
  return domain === undefined ? undefined : refuse(domainName, `goes with '${names.name}', which is missing.`);
}

/** Reads a domain. @throws ConfigurationError where it is given twice. */
export function domainOption<Name extends string>(
  options: { readonly [Key in Name]?: unknown },
  names: { readonly id: Name; readonly name: Name },
): Domain | undefined {
  const [id, name] = [textOption(options, names.id), textOption(options, names.name)];
  if (id !== undefined && name !== undefined)
    refuse(names.name, `and '${names.id}' name the same thing: give one of them.`);
  if (id !== undefined) return { id };
  return name === undefined ? undefined : { name };
}
