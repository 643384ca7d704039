import { isHidden } from './fall-back.ts';

/** How much a store remembers, and for how long. */
export interface SecretStoreOptions {
  /** How long a value stays masked after its key has lost it, in milliseconds. Default: 300,000. */
  readonly graceMs?: number;
  /** The clock, in milliseconds since the epoch. Default: `Date.now`. */
  readonly now?: () => number;
  /** Called when a value comes or goes: {@link SecretStore.has} says which. */
  readonly onChange?: (value: string, key: string) => void;
}

/** Former values beyond these limits go before their grace is over, so that a storm of rotations cannot fill the memory. */
const MOST_FORMER_VALUES = 1000;
const MOST_FORMER_CHARACTERS = 1 << 17;
/** Beyond this many characters in all, a long random value is not stored: see {@link SecretStore.overflow}. */
const MOST_CHARACTERS = 1 << 21;
/** The forms of a value that is longer than this take too long to make. */
const LONGEST_VALUE = 1 << 16;
/** A shorter value takes hardly more memory than the object that owns it. */
const LONG = 64;

/** Stands for a value that was not stored: not even a password is a control character. */
const NOT_STORED = '\0';

/** Values that are no key's any more. */
interface FormerValues {
  /** Until when each stays, the oldest first. */
  readonly ends: Map<string, number>;
  characters: number;
}

function formerValues(): FormerValues {
  return { ends: new Map(), characters: 0 };
}

/**
 * Secrets by owner and key. Equal values count once. The values of an owner go when it is garbage-collected or
 * {@link SecretStore.release released}, and stay for a grace period, because log lines may come late.
 *
 * Everything is in private fields: no inspector reaches it.
 */
export class SecretStore {
  readonly #graceMs: number;
  readonly #now: () => number;
  readonly #onChange: (value: string, key: string) => void;
  /** How many keys hold each value. To stand in one of the lists of former values counts as one more. */
  readonly #counts = new Map<string, number>();
  /** Values that another one has replaced. */
  readonly #replaced = formerValues();
  /** Values of owners that are gone. They go by thousands at one collection, and must not push out what was just replaced. */
  readonly #left = formerValues();
  readonly #owners = new WeakMap<object, Map<string, string>>();
  readonly #collected: FinalizationRegistry<Map<string, string>> | undefined;
  #characters = 0;
  #overflow = 0;

  constructor({ graceMs = 300_000, now = () => Date.now(), onChange = () => {} }: SecretStoreOptions = {}) {
    this.#graceMs = graceMs;
    this.#now = now;
    this.#onChange = onChange;
    // Where a platform has none, owners are released by hand only.
    this.#collected =
      globalThis.FinalizationRegistry &&
      new FinalizationRegistry<Map<string, string>>((keys) => this.#releaseAll(keys));
  }

  /**
   * How many keys hold a value for which there was no room. While there are any, all text that could be
   * random has to be masked as well.
   */
  get overflow(): number {
    return this.#overflow;
  }

  /** Is this value to be masked? */
  has(value: string): boolean {
    return this.#counts.has(value);
  }

  /** All values that are to be masked. */
  values(): IterableIterator<string> {
    return this.#counts.keys();
  }

  /** Stores the owner's value under a key of its own. The former value of the key stays for the grace period. */
  set(owner: object, key: string, value: string): void {
    this.purge();
    let keys = this.#owners.get(owner);
    if (keys === undefined) {
      keys = new Map();
      this.#owners.set(owner, keys);
      this.#collected?.register(owner, keys);
    }
    const last = keys.get(key);
    if (last === value) return;
    if (value === '') keys.delete(key);
    else keys.set(key, this.#hold(value, key));
    if (last !== undefined) this.#retire(last, this.#replaced);
  }

  /** The owner has no secrets any more. It may get new ones. */
  release(owner: object): void {
    this.#releaseAll(this.#owners.get(owner));
  }

  /** Forgets former values whose time has come. */
  purge(): void {
    this.#purge(this.#replaced);
    this.#purge(this.#left);
  }

  #purge(former: FormerValues): void {
    for (const [value, end] of former.ends) {
      const isWithinLimits = former.ends.size <= MOST_FORMER_VALUES && former.characters <= MOST_FORMER_CHARACTERS;
      if (isWithinLimits && end > this.#now()) return;
      former.ends.delete(value);
      former.characters -= value.length;
      this.#letGo(value);
    }
  }

  #releaseAll(keys = new Map<string, string>()): void {
    for (const value of keys.values()) this.#retire(value, this.#left);
    keys.clear();
  }

  #hold(value: string, key: string): string {
    const { length } = value;
    const count = this.#counts.get(value) ?? 0;
    if (count === 0) {
      const isTooMuch = length > LONGEST_VALUE || this.#characters + length > MOST_CHARACTERS;
      if (isTooMuch && length > LONG && isHidden(value)) {
        this.#overflow += 1;
        return NOT_STORED;
      }
      this.#characters += length;
    }
    this.#counts.set(value, count + 1);
    if (count === 0) this.#onChange(value, key);
    return value;
  }

  #retire(value: string, former: FormerValues): void {
    if (value === NOT_STORED) {
      this.#overflow -= 1;
      return;
    }
    if (former.ends.delete(value)) this.#letGo(value);
    else former.characters += value.length;
    former.ends.set(value, this.#now() + this.#graceMs);
    this.#purge(former);
  }

  #letGo(value: string): void {
    const count = (this.#counts.get(value) ?? 0) - 1;
    if (count > 0) this.#counts.set(value, count);
    else {
      this.#counts.delete(value);
      this.#characters -= value.length;
      this.#onChange(value, '');
    }
  }
}
