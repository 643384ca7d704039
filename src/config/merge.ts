import type { Entries, Entry, FieldName, Layer } from './layer.ts';
import { refuseRedirection } from './project-rules.ts';

/**
 * All profiles, field by field: the highest layer that says something wins. An empty value takes away what lower layers
 * say.
 *
 * @param layers - From the lowest to the highest.
 * @throws {@link ConfigurationError} where a project's file touches what is not its own.
 */
export function mergeLayers(layers: readonly Layer[]): ReadonlyMap<string, Entries> {
  const profiles = new Map<string, Map<FieldName, Entry>>();
  for (const layer of layers) {
    for (const [name, entries] of layer.profiles) {
      const merged = profiles.get(name) ?? new Map<FieldName, Entry>();
      for (const [field, entry] of entries) if (!repeats(entry, merged.get(field))) merged.set(field, entry);
      profiles.set(name, merged);
    }
  }
  for (const [name, entries] of profiles) refuseRedirection(name, entries, isUsers(name, layers));
  return profiles;
}

/** A project may say once more what its user says: then it is still the user who says it. */
function repeats(entry: Entry, former: Entry | undefined): boolean {
  return entry.layer === 'project' && former?.value === entry.value;
}

function isUsers(name: string, layers: readonly Layer[]): boolean {
  return layers.some(({ kind, profiles }) => (kind === 'system' || kind === 'user') && profiles.has(name));
}
