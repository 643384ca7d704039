/**
 * What configuration files and variables say, each text with the place where it stands: errors name places, never values.
 */

/** A text and where it was found, such as `~/.config/openstack/clouds.yaml: clouds.prod.auth.username`. */
export interface Setting {
  readonly value: string;
  readonly where: string;
}

/** A part of a file, or a whole. */
export type Tree = Setting | readonly Tree[] | ReadonlyMap<string, Tree>;

export type Branch = ReadonlyMap<string, Tree>;

export function isBranch(tree: Tree | undefined): tree is Branch {
  return tree instanceof Map;
}

export function isSetting(tree: Tree | undefined): tree is Setting {
  return tree !== undefined && !(tree instanceof Map) && !Array.isArray(tree);
}

export function branch(tree: Tree | undefined, key: string): Branch {
  const found = isBranch(tree) ? tree.get(key) : undefined;
  return isBranch(found) ? found : new Map();
}

/** Puts `over` on top of `base`, part by part. */
export function merge(base: Branch, over: Branch): Branch {
  const merged = new Map(base);
  for (const [key, value] of over) {
    const below = merged.get(key);
    merged.set(key, isBranch(below) && isBranch(value) ? merge(below, value) : value);
  }
  return merged;
}

/** As {@link merge}, but only what is said in `auth` is merged: everything else is replaced whole. */
export function mergeAuth(base: Branch, over: Branch): Branch {
  const auth = merge(branch(base, 'auth'), branch(over, 'auth'));
  return new Map<string, Tree>([...base, ...over, ['auth', auth]]);
}
