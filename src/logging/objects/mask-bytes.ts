import { toBinary } from '../forms/encodings.ts';
import type { MaskText } from './mask-object.ts';

/** Bytes beyond this many are not printed by anybody. */
const MOST_BYTES = 1 << 20;
/** The shortest list of numbers or characters that may be a text. */
const FEWEST_ITEMS = 4;

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
  return maskItems(Array.from(value as Uint16Array, Number), mask);
}

/** The items as one masked text, where they are bytes, character codes or characters that hold a secret. */
export function maskItems(items: readonly unknown[], mask: MaskText): string[] | undefined {
  if (items.length < FEWEST_ITEMS || items.length > MOST_BYTES) return undefined;
  const isCode = (item: unknown) => Number.isInteger(item) && Number(item) >= 0 && Number(item) <= 0xffff;
  const isCharacter = (item: unknown) => typeof item === 'string' && item.length <= 2;
  if (!items.every(typeof items[0] === 'string' ? isCharacter : isCode)) return undefined;
  const text = items.join(typeof items[0] === 'string' ? '' : ', ');
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
    return toBinary(bytes);
  }
}
