import type { TextFilter } from './text-filter.ts';

/** Raise the number when a method is added: a newer copy must not get an older filter. */
const home = Symbol.for('authwire.credentialFilter.v3');

interface Shared {
  readonly filter: TextFilter;
  /** Numbers the copies of authwire in this process. */
  nextCopy(): number;
}

/**
 * One filter for all copies of authwire in a process: a logger built on one copy must mask what another copy's
 * authenticators hold. Keys stay each copy's own, because a key that means two secrets would unmask one of them.
 */
export function processWide(create: () => TextFilter): TextFilter {
  const shared = findOrShare(create);
  const prefix = `${shared.nextCopy()}:`;
  return Object.freeze<TextFilter>({
    ...shared.filter,
    updateSecret: (key, value) => shared.filter.updateSecret(prefix + key, value),
    removeSecret: (key) => shared.filter.removeSecret(prefix + key),
  });
}

function findOrShare(create: () => TextFilter): Shared {
  const found: unknown = Reflect.get(globalThis, home);
  if (isShared(found)) return found;
  let copies = 0;
  const shared = Object.freeze<Shared>({
    filter: create(),
    nextCopy() {
      copies += 1;
      return copies;
    },
  });
  // Not enumerable, not replaceable. Where the global object is sealed, this copy keeps its filter to itself.
  Reflect.defineProperty(globalThis, home, { value: shared });
  return shared;
}

function isShared(value: unknown): value is Shared {
  const shared = value as Partial<Shared> | null | undefined;
  return typeof shared?.nextCopy === 'function' && typeof shared.filter?.mask === 'function';
}
