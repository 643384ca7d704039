/**
 * Entries encrypted with AES-256-GCM (NIST SP 800-38D): nobody without the key can read, change or exchange them.
 */

import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { StoreError } from '../../../errors.ts';
import type { Codec, Opener } from './entry.ts';

/** What an encrypted entry holds, all in base64url. */
interface Sealed {
  /** Which key opens it. */
  readonly kid: string;
  readonly iv: string;
  readonly data: string;
  readonly tag: string;
}

const ALGORITHM = 'aes-256-gcm';
/** SP 800-38D §8.2.2: random, and far fewer than 2^32 of them under one key. */
const IV_BYTES = 12;
export const KEY_BYTES = 32;

/** Encrypts with one key. */
export function sealed(key: Uint8Array): Codec {
  return {
    name: 'A256GCM',
    seal: async (text, context) => seal(key, text, context),
    open: async (body, context) => unseal(key, body as Sealed, context),
  };
}

/**
 * Opens what any of several keys has encrypted.
 *
 * @param folder - Named where none of them fits.
 */
export function unsealer(keys: () => Promise<readonly Uint8Array[]>, folder: string): Opener {
  return async (codec, body, context) => {
    if (codec === 'plain') throw inTheClear(folder);
    if (codec !== 'A256GCM' || !isSealed(body)) return undefined;
    const key = (await keys()).find((one) => keyId(one) === body.kid);
    if (key === undefined) throw wrongKey(folder, body.kid);
    try {
      return unseal(key, body, context);
    } catch {
      return undefined;
    }
  };
}

function seal(key: Uint8Array, text: string, context: string): Sealed {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, iv).setAAD(Buffer.from(context));
  const data = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]).toString('base64url');
  return { kid: keyId(key), iv: iv.toString('base64url'), data, tag: cipher.getAuthTag().toString('base64url') };
}

function unseal(key: Uint8Array, { iv, data, tag }: Sealed, context: string): string {
  const bytes = (text: string) => Buffer.from(text, 'base64url');
  const decipher = createDecipheriv(ALGORITHM, key, bytes(iv), { authTagLength: 16 });
  decipher.setAAD(Buffer.from(context)).setAuthTag(bytes(tag));
  return Buffer.concat([decipher.update(bytes(data)), decipher.final()]).toString('utf8');
}

/** Tells keys apart, and says nothing of them: they are random. */
function keyId(key: Uint8Array): string {
  return createHash('sha256').update('authwire key id').update(key).digest('base64url').slice(0, 11);
}

function isSealed(body: unknown): body is Sealed {
  if (typeof body !== 'object' || body === null) return false;
  return ['kid', 'iv', 'data', 'tag'].every((name) => typeof (body as Record<string, unknown>)[name] === 'string');
}

/** Tokens without a seal prove nothing: anyone who can write to the disk could put another account there. */
function inTheClear(folder: string): StoreError {
  return new StoreError(
    `the tokens in ${folder} are in the clear, and this store reads encrypted ones only: name another folder, or clear ` +
      'the store that wrote them.',
  );
}

function wrongKey(folder: string, kid: string): StoreError {
  return new StoreError(
    `the tokens in ${folder} were encrypted with another key (${kid.slice(0, 11)}): give that key as well, ` +
      'as a former key, or clear the store and log in again.',
  );
}
