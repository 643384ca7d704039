import { format, inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createCredentialFilter } from '../../../../src/logging/credential-filter.ts';

const VALUE = 'open sesame+1';
const { updateSecret, maskObject } = createCredentialFilter();
updateSecret('k', VALUE);

class Private {
  readonly #token = VALUE;
  toString() {
    return `private ${this.#token}`;
  }
}

/** Everything that asks an object what it is. */
function printed(value: unknown): string {
  const parts = [
    inspect(value, { showHidden: true }),
    String(value),
    JSON.stringify(value),
    format('%s %o', value, value),
  ];
  const { message, name, stack, code } = value as Error & { code?: unknown };
  return [...parts, (value as object).toLocaleString(), message, name, stack, code].join('\n');
}

describe('what a masked copy says of itself is masked:', () => {
  it.each<[string, object]>([
    ['toString with private fields', new Private()],
    ['toString', { toString: () => VALUE }],
    ['toLocaleString', { toLocaleString: () => VALUE }],
    ['valueOf', { valueOf: () => VALUE }],
    ['Symbol.toPrimitive', { [Symbol.toPrimitive]: () => VALUE }],
    [
      'Symbol.toStringTag',
      new (class {
        get [Symbol.toStringTag]() {
          return VALUE;
        }
      })(),
    ],
    [
      'a message that a class makes',
      new (class extends Error {
        override get message() {
          return VALUE;
        }
      })(),
    ],
    [
      'a name that a class makes',
      new (class extends Error {
        override get name() {
          return VALUE;
        }
      })(),
    ],
    [
      'an error with private fields',
      new (class extends Error {
        readonly #token = VALUE;
        override toString() {
          return this.#token;
        }
      })(),
    ],
    ['a toString hung on an error', Object.assign(new Error('x'), { toString: () => VALUE })],
    ['an aborted request', new DOMException(`aborted ${VALUE}`, 'AbortError')],
  ])('%s', (_name, value) => {
    expect(String(value) + value.toLocaleString() + value.valueOf()).toContain(VALUE);
    expect(printed(maskObject(value))).not.toContain('sesame');
  });

  it('an aborted request stays one, wherever it is found', () => {
    const original = new Error('failed', { cause: new DOMException(`aborted ${VALUE}`, 'AbortError') });
    const { cause } = maskObject(original) as { cause: DOMException };
    expect(cause).toBeInstanceOf(DOMException);
    expect({ name: cause.name, message: cause.message, code: cause.code }).toEqual({
      name: 'AbortError',
      message: 'aborted *****',
      code: 20,
    });
    expect(inspect(structuredClone(cause))).not.toContain('sesame');
  });

  it('a class whose tag cannot be read', () => {
    class Shy {
      readonly token = VALUE;
      get [Symbol.toStringTag](): string {
        throw new Error(VALUE);
      }
    }
    expect(inspect(maskObject(new Shy()))).toContain("token: '*****'");
  });

  it('boxed values', () => {
    expect(inspect(maskObject([Object(Symbol(VALUE)), Object(true)]))).not.toContain('sesame');
    expect(String(maskObject(Object(12n)))).toBe('12');
  });
});

describe('character codes in elements of any size', () => {
  const codes = Array.from(VALUE, (char) => char.charCodeAt(0));

  it.each<[string, object]>([
    ['Uint8Array', Uint8Array.from(codes)],
    ['Uint8ClampedArray', Uint8ClampedArray.from(codes)],
    ['Int8Array', Int8Array.from(codes)],
    ['Uint16Array', Uint16Array.from(codes)],
    ['Int32Array', Int32Array.from(codes)],
    ['Float64Array', Float64Array.from(codes)],
    ['BigInt64Array', BigInt64Array.from(codes, BigInt)],
  ])('%s', (_name, value) => {
    expect(String(maskObject(value))).not.toContain('115,101,115,97');
  });

  it('in objects that bytes were spread into', () => {
    expect(maskObject({ ...Buffer.from(VALUE), level: 'info' })).toEqual({ 0: '*****', level: 'info' });
    expect(maskObject({ 0: 1, 1: 2, 2: 3, 3: 4 })).toEqual({ 0: 1, 1: 2, 2: 3, 3: 4 });
  });

  it('numbers that are none stay as they are', () => {
    expect(maskObject(Float64Array.of(0.5, 1e9, -1, 3))).toEqual(Float64Array.of(0.5, 1e9, -1, 3));
  });
});

it('ten thousand keys that become the same take no time to tell apart', () => {
  const filter = createCredentialFilter();
  const keys = Array.from({ length: 10_000 }, (_, i) => `token-${i}-of-many`);
  for (const [i, key] of keys.slice(0, 1500).entries()) filter.updateSecret(`key ${i}`, key);
  const copy = filter.maskObject(new Map(keys.map((key) => [key, key]))) as Map<string, string>;
  const masked = [...copy.keys()].slice(0, 1500);
  expect(new Set(masked).size).toBe(1500);
  expect(masked.at(0)).toBe('*****');
  expect(masked.at(-1)).toBe('*****~1500');
});
