import type { MaskText } from './mask-object.ts';

/** Bytes beyond this many are not printed by anybody. */
const MOST_BYTES = 1 << 20;
/** The shortest list of numbers that may be a text. */
const FEWEST_NUMBERS = 4;

/** A copy of the bytes that is masked where they are text. What is no longer of whole elements becomes the text. */
export function maskBytes(value: object, mask: MaskText): unknown {
  const bytes = bytesOf(value);
  if (bytes.length > MOST_BYTES) return `[${bytes.length} bytes]`;
  const text = textOf(bytes);
  const masked = mask(text);
  const isBuffer = globalThis.Buffer?.isBuffer(value);
  if (masked === text && !isBuffer) return maskElements(value, mask) ?? structuredClone(value);
  if (!(value instanceof Uint8Array)) return masked;
  const encoded = masked === text ? bytes : new TextEncoder().encode(masked);
  // Not from the pool: its other tenants may be secrets, and inspectors show hidden fields.
  const copied = isBuffer ? globalThis.Buffer.alloc(encoded.length) : new Uint8Array(encoded.length);
  copied.set(encoded);
  return copied;
}

/** Elements of several bytes may be character codes as well. */
function maskElements(value: object, mask: MaskText): unknown {
  if (!ArrayBuffer.isView(value) || value instanceof Uint8Array || value instanceof DataView) return undefined;
  return maskNumbers(Array.from(value as Uint16Array, Number), mask);
}

/** The numbers as a masked text, where they are bytes or character codes that hold a secret. */
export function maskNumbers(values: readonly unknown[], mask: MaskText): string[] | undefined {
  if (values.length < FEWEST_NUMBERS || values.length > MOST_BYTES) return undefined;
  if (!values.every((value) => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 0xffff)) {
    return undefined;
  }
  const text = values.join(', ');
  const masked = mask(text);
  return masked === text ? undefined : [masked];
}

/** The characters as a masked text, where they hold a secret. */
export function maskCharacters(values: readonly unknown[], mask: MaskText): string[] | undefined {
  if (values.length < FEWEST_NUMBERS || values.length > MOST_BYTES) return undefined;
  if (!values.every((value) => typeof value === 'string' && value.length <= 2)) return undefined;
  const text = values.join('');
  const masked = mask(text);
  return masked === text ? undefined : [masked];
}

function bytesOf(value: object): Uint8Array {
  if (!ArrayBuffer.isView(value)) return new Uint8Array(value as ArrayBuffer);
  return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  }
}
