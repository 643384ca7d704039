import * as fallBack from './fall-back.ts';
import { SecretStore } from './secret-store.ts';

/** What finds secrets in text, in every form. `authwire/logging` plugs one in when it is imported. */
export interface MaskingEngine {
  /** Told when a value comes or goes. */
  changed(value: string, key: string): void;
  /** The text with every known secret masked, however it is encoded. */
  mask(text: string): string;
}

/** What all copies of authwire in a process share. */
export interface SecretRegistry {
  readonly store: SecretStore;
  engine: MaskingEngine | undefined;
}

/** Raise the number when a member changes: a newer copy must not get an older registry. */
const home = Symbol.for('authwire.secrets.v1');

/**
 * The secrets of this process, shared by all copies of authwire that are installed, as ES modules and as CommonJS:
 * what one copy's authenticators hold, another copy's filter must mask.
 */
export const registry: SecretRegistry = /* @__PURE__ */ (() =>
  (Reflect.get(globalThis, home) as SecretRegistry | undefined) ?? share())();

function share(): SecretRegistry {
  const shared: SecretRegistry = {
    store: new SecretStore({ onChange: (value, key) => shared.engine?.changed(value, key) }),
    engine: undefined,
  };
  // Neither enumerable nor replaceable. Where the global object is sealed, this copy keeps its secrets to itself.
  Reflect.defineProperty(globalThis, home, { value: shared });
  return shared;
}

/**
 * Masks `value` from now on, in everything that authwire prints and in the texts of `authwire/logging`. Costs microseconds:
 * encoded forms are made when a text is masked.
 *
 * @param owner - The object that the secret belongs to. Once it is garbage-collected or released, the secret stays masked
 *   for five minutes and is then forgotten. It must not be reachable from the value's key.
 * @param key - A name within the owner. The same key replaces: the former value stays masked for five minutes.
 * @param value - An empty value only removes the key.
 */
export function registerSecret(owner: object, key: string, value: string): void {
  registry.store.set(owner, key, value);
}

/** Forgets all secrets of an owner that is closed, after the grace period of five minutes. */
export function releaseSecrets(owner: object): void {
  registry.store.release(owner);
}

/**
 * Text that others wrote (a server, a library, a callback) with the known secrets masked in every form. Without
 * `authwire/logging`, whatever could be a form of a secret is masked: words that don't look like words, lists of bytes.
 */
export function mask(text: string): string {
  return registry.engine?.mask(text) ?? fallBack.maskForeign(text, registry.store.values());
}

/** Text in authwire's own words with the known secrets masked. */
export function maskOwn(text: string): string {
  return registry.engine?.mask(text) ?? fallBack.maskOwn(text, registry.store.values());
}

/** A name, a path or another identifier with the known secrets masked; never because of what it looks like. */
export function maskKnown(text: string): string {
  return registry.engine?.mask(text) ?? fallBack.maskKnown(text, registry.store.values());
}
