/**
 * A value that prints as `*****` however it is printed. The text lives in a private field: no property, no
 * enumeration, no clone and no inspector reaches it; only {@link reveal} does.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  static reveal(secret: Secret): string {
    return secret.#value;
  }

  toString(): string {
    return MASK;
  }

  toJSON(): string {
    return MASK;
  }

  [Symbol.toPrimitive](): string {
    return MASK;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return MASK;
  }

  get [Symbol.toStringTag](): string {
    return 'Secret';
  }
}

/** What stands where a secret stood. */
export const MASK = '*****';

/** A secret as options take it: the text, a {@link Secret}, or a function that is asked each time it is needed. */
export type SecretOption = string | Secret | (() => string | Secret | Promise<string | Secret>);

/** Wraps a value so that it cannot be printed by accident. */
export function secret(value: string): Secret {
  return new Secret(value);
}

/** Opens a {@link Secret}. Text that was never wrapped is returned as it is. */
export function reveal(value: string | Secret): string {
  return typeof value === 'string' ? value : Secret.reveal(value);
}

/** The text of a secret option; a promise only where the option is a function that returns one. */
export function resolveSecret(option: SecretOption): string | Promise<string> {
  if (typeof option !== 'function') return reveal(option);
  const value = option();
  return value instanceof Promise ? value.then(reveal) : reveal(value);
}
