import { type HeaderPolicy, ObjectHeaders, SignedHeaders } from '../../lifecycle/headers.ts';
import type { NativeHeaders } from './options.ts';

/** Names in lower case; `undefined` takes a header off. */
export type HeaderChanges = Record<string, string | undefined>;

/**
 * The headers of a wire attempt, as one authenticator sees them. Only what it changes is written down: that has to be put
 * on the request that goes out, and got's own headers are neither copied nor compared.
 */
export class GotHeaders extends SignedHeaders {
  readonly #plain: NativeHeaders;
  readonly #changes: HeaderChanges;

  /** @param changes - Those of all authenticators of the attempt. */
  constructor(plain: NativeHeaders, changes: HeaderChanges, policy: HeaderPolicy) {
    super(policy);
    this.#plain = plain;
    this.#changes = changes;
  }

  protected override read(name: string): string | null {
    if (name in this.#changes) return this.#changes[name] ?? null;
    return new ObjectHeaders(this.#plain, 'overwrite').get(name);
  }

  protected override write(name: string, value: string): void {
    this.#changes[name] = value;
  }

  protected override remove(name: string): void {
    this.#changes[name] = undefined;
  }
}

/** A copy of the headers with the changes. */
export function changed(plain: NativeHeaders, changes: HeaderChanges): NativeHeaders {
  const headers = new ObjectHeaders({ ...plain }, 'overwrite');
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) headers.delete(name);
    else headers.set(name, value);
  }
  return headers.fields;
}
