import type { SecretStore } from '../../secrets/secret-store.ts';
import { formsOf } from '../forms/forms-of.ts';
import { FormIndex } from './form-index.ts';

/**
 * The forms of a store's secrets. They are made when a text is to be masked: a secret that comes and goes in between
 * costs nothing.
 */
export class LazyIndex {
  readonly #store: SecretStore;
  readonly #index = new FormIndex();
  readonly #indexed = new Set<string>();
  readonly #changed = new Set<string>();

  constructor(store: SecretStore) {
    this.#store = store;
    for (const value of store.values()) this.#changed.add(value);
  }

  /** A value has come or gone. */
  changed(value: string): void {
    if (this.#store.has(value) === this.#indexed.has(value)) this.#changed.delete(value);
    else this.#changed.add(value);
  }

  /** The index as the store is now. */
  upToDate(): FormIndex {
    this.#store.purge();
    for (const value of this.#changed) this.#update(value);
    this.#changed.clear();
    return this.#index;
  }

  #update(value: string): void {
    const forms = formsOf(value);
    if (this.#store.has(value)) {
      this.#indexed.add(value);
      for (const [text, tail] of forms) this.#index.add(text, tail);
    } else {
      this.#indexed.delete(value);
      for (const text of forms.keys()) this.#index.remove(text);
    }
  }
}
