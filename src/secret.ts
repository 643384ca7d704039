/** What stands where a secret stood. */
export const MASK = '*****';

/** A registered symbol, so that one copy of authwire opens what another copy has wrapped. */
const open = Symbol.for('authwire.reveal');

/**
 * A value that prints as `*****` however it is printed. The text lives in a private field: no property, enumeration,
 * clone or `util.inspect` reaches it; only {@link reveal} does.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  static reveal(secret: Secret): string {
    return secret[open]();
  }

  /** @internal */
  [open](): string {
    return this.#value;
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

/** A secret as options take it: the text, a {@link Secret}, or a function that is asked each time it is needed. */
export type SecretOption = string | Secret | (() => string | Secret | Promise<string | Secret>);

/**
 * Wraps a value so that it cannot be printed by accident.
 *
 * @example
 * const password = secret(process.env.API_PASSWORD ?? '');
 * console.log({ password }); // { password: ***** }
 */
export function secret(value: string): Secret {
  return new Secret(value);
}

/** Opens a {@link Secret}. Text that was never wrapped is returned as it is. Throws a `TypeError` for anything else. */
export function reveal(value: string | Secret): string {
  if (typeof value === 'string') return value;
  if (isSecret(value)) return Secret.reveal(value);
  throw new TypeError(`Expected a string or a Secret, got ${value === null ? 'null' : typeof value}`);
}

/** Is this a wrapped value, whichever installed copy wrapped it? */
export function isSecret(value: unknown): value is Secret {
  return typeof value === 'object' && value !== null && open in value;
}

/** The text of a secret option; a promise only where the option is a function that returns one. */
export function resolveSecret(option: SecretOption): string | Promise<string> {
  if (typeof option !== 'function') return reveal(option);
  const value = option();
  return isThenable(value) ? Promise.resolve(value).then(reveal) : reveal(value);
}

/** Not `instanceof`: libraries and test runners bring promises of their own. */
function isThenable(value: unknown): value is PromiseLike<string | Secret> {
  return typeof value === 'object' && value !== null && 'then' in value;
}
