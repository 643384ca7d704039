import { assertHeaderValue } from '../header-value.ts';
import type { AuthHeaders } from './messages.ts';

/** What happens to a header that the caller has set already: ours replaces it, or his stays and ours is withheld. */
export type HeaderPolicy = 'overwrite' | 'preserve';

/**
 * The headers of one wire attempt. Adapters say how their client keeps headers (`read`, `write`, `remove` with
 * lower-case names); this class holds the policy, refuses unsendable values and records what was added, so that
 * an adapter can take it off again before a redirect leaves the origin.
 */
export abstract class SignedHeaders implements AuthHeaders {
  /** Lower-case names of the headers that the authenticator has set. */
  readonly added: string[] = [];
  /** A header of the caller was preserved instead of ours: the credential is not, or not wholly, on this request. */
  withheld = false;
  /** What stood there before we came. */
  readonly #former: (readonly [key: string, value: string | null])[] = [];
  readonly #policy: HeaderPolicy;

  constructor(policy: HeaderPolicy) {
    this.#policy = policy;
  }

  protected abstract read(name: string): string | null;
  protected abstract write(name: string, value: string): void;
  /** Takes a header off for good, such as one that a redirect drops. */
  abstract remove(name: string): void;

  get(name: string): string | null {
    return this.read(name.toLowerCase());
  }

  has(name: string): boolean {
    return this.read(name.toLowerCase()) !== null;
  }

  set(name: string, value: string): void {
    const key = name.toLowerCase();
    assertHeaderValue(value, `the value of header '${key}'`);
    if (!this.added.includes(key)) {
      const former = this.read(key);
      if (this.#policy === 'preserve' && former !== null) {
        this.withheld = true;
        return;
      }
      this.added.push(key);
      this.#former.push([key, former]);
    }
    this.write(key, value);
  }

  delete(name: string): void {
    const key = name.toLowerCase();
    this.#former.push([key, this.read(key)]);
    this.remove(key);
  }

  /** Takes everything back, so that the next attempt begins with what the caller gave. */
  restore(): void {
    for (const [key, value] of this.#former.splice(0).reverse()) {
      if (value === null) this.remove(key);
      else this.write(key, value);
    }
    this.added.length = 0;
    this.withheld = false;
  }
}

/** Headers in a plain object, as fetch's `init`, undici and node:http take them. Names keep the caller's spelling. */
export class ObjectHeaders extends SignedHeaders {
  declare readonly fields: Record<string, string | string[]>;

  constructor(fields: Record<string, string | string[]>, policy: HeaderPolicy) {
    super(policy);
    this.fields = fields;
  }

  protected override read(name: string): string | null {
    const key = this.#find(name);
    const value = key === undefined ? undefined : this.fields[key];
    return value === undefined ? null : Array.isArray(value) ? value.join(', ') : String(value);
  }

  protected override write(name: string, value: string): void {
    this.remove(name);
    this.fields[name] = value;
  }

  override remove(name: string): void {
    for (let key = this.#find(name); key !== undefined; key = this.#find(name)) delete this.fields[key];
  }

  #find(name: string): string | undefined {
    for (const key in this.fields) {
      if (key.length === name.length && key.toLowerCase() === name) return key;
    }
    return undefined;
  }
}

/** Headers in a `Headers` object. */
export class WebHeaders extends SignedHeaders {
  declare readonly fields: Headers;

  constructor(fields: Headers, policy: HeaderPolicy) {
    super(policy);
    this.fields = fields;
  }

  protected override read(name: string): string | null {
    return this.fields.get(name);
  }

  protected override write(name: string, value: string): void {
    this.fields.set(name, value);
  }

  override remove(name: string): void {
    this.fields.delete(name);
  }
}
