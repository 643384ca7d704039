import { isPromise } from './promises.ts';

/** What stands where a secret stood. */
export const MASK = '*****';

/** A registered symbol, so that one copy of authwire opens what another copy has wrapped. */
const open = Symbol.for('authwire.reveal');
const inspect = Symbol.for('nodejs.util.inspect.custom');

/**
 * A value that prints as `*****` however it is printed. The text lives in a closure: no property, enumeration, clone or
 * `util.inspect` reaches it; only {@link reveal} does.
 */
export class Secret {
  /** @internal */
  declare readonly [open]: () => string;

  constructor(value: string) {
    if (typeof value !== 'string') throw wrongType('A secret must be text', value);
    // Methods under these names would keep bundlers from dropping a class that a program does not use.
    Object.defineProperty(this, open, { value: () => value });
    Object.defineProperty(this, inspect, { value: () => MASK });
  }

  /** `*****`, so that a secret in a template or a log prints as such. */
  toString(): string {
    return MASK;
  }

  /** `*****`. */
  toJSON(): string {
    return MASK;
  }

  [Symbol.toPrimitive](): string {
    return MASK;
  }

  get [Symbol.toStringTag](): string {
    return 'Secret';
  }
}

/** A secret as options take it: the text, a {@link Secret}, or a function that is asked each time it is needed. */
export type SecretOption = string | Secret | (() => string | Secret | Promise<string | Secret>);

/**
 * Wraps a value so that it cannot be printed by accident. Throws a `TypeError` for what is no text, such as the value of a
 * variable that is not set.
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
  if (isSecret(value)) return value[open]();
  throw wrongType('Expected a string or a Secret', value);
}

function wrongType(complaint: string, value: unknown): TypeError {
  return new TypeError(`${complaint}, got ${value === null ? value : typeof value}.`);
}

/** Is this a wrapped value, whichever installed copy wrapped it? */
export function isSecret(value: unknown): value is Secret {
  return typeof value === 'object' && value !== null && open in value;
}

/**
 * Compares two secrets in a time that depends on the second one's length only, never on how much of it is right. An empty
 * secret equals nothing, so that a variable that is not set lets nobody in.
 *
 * @example
 * if (!secretsEqual(expectedKey, request.headers.get('x-api-key') ?? '')) return new Response(null, { status: 401 });
 */
export function secretsEqual(expected: string | Secret, given: string | Secret): boolean {
  const encoder = new TextEncoder();
  const [right, bytes] = [encoder.encode(reveal(expected)), encoder.encode(reveal(given))];
  let difference = right.length ^ bytes.length;
  for (const [i, byte] of bytes.entries()) difference |= byte ^ (right[i % right.length] ?? 0);
  return difference === 0 && right.length > 0;
}

/** This process's own key: what it says of a secret means nothing to anybody who has not got it. */
let ownKey: Uint8Array<ArrayBuffer> | undefined;
const FINGERPRINT_BYTES = 6;

/**
 * A short name for a secret that two log lines can have in common: `9f3c0b1e77a2`, the first 48 bits of an HMAC-SHA-256
 * (RFC 2104). Not even a short secret can be found out from it without the key.
 *
 * @param key - A secret that processes share which want to name secrets alike. Default, also where it is empty: a random
 *   one of this process.
 * @example
 * log.info({ token: await fingerprint(token) }, 'token renewed');
 */
export async function fingerprint(value: string | Secret, key?: string | Secret): Promise<string> {
  const encoder = new TextEncoder();
  // Made when it is needed: Workers have no random numbers while they load.
  ownKey ??= crypto.getRandomValues(new Uint8Array(32));
  const shared = key === undefined ? '' : reveal(key);
  const raw = shared === '' ? ownKey : encoder.encode(shared);
  const hmac = await crypto.subtle.importKey('raw', raw, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  const signature = new Uint8Array(await crypto.subtle.sign('HMAC', hmac, encoder.encode(reveal(value))));
  return Array.from(signature.slice(0, FINGERPRINT_BYTES), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The text of a secret option; a promise only where the option is a function that returns one. */
export function resolveSecret(option: SecretOption): string | Promise<string> {
  if (typeof option !== 'function') return reveal(option);
  const value = option();
  return isPromise(value) ? Promise.resolve(value).then(reveal) : reveal(value);
}
