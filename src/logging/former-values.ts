/** Former values beyond this many are forgotten before their time, so that a storm of rotations cannot fill the memory. */
const MOST_FORMER_VALUES = 1000;

/** Values that keys no longer have. */
export interface FormerValues {
  /** Keeps a value for the grace period, from now on. */
  add(value: string): void;
  /** Forgets those whose time has come. */
  purge(): void;
}

/** Keeps former values, oldest first, each with the time when it may be forgotten. */
export function formerValues(graceMs: number, now: () => number, forget: (value: string) => void): FormerValues {
  const until = new Map<string, number>();

  function drop(value: string): void {
    if (until.delete(value)) forget(value);
  }
  function purge(): void {
    if (until.size === 0) return;
    const time = now();
    for (const [value, end] of until) {
      if (end > time && until.size <= MOST_FORMER_VALUES) return;
      drop(value);
    }
  }
  function add(value: string): void {
    drop(value);
    until.set(value, now() + graceMs);
    purge();
  }
  return { add, purge };
}
