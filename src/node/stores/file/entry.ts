/**
 * What stands in the file of one credential. Other programs, and other versions of this one, read it as well.
 */

import type { StoredToken, TokenRecord } from '../../../tokens/store.ts';

/** One credential. */
export interface Entry {
  /** Whose tokens these are. */
  readonly key: string;
  readonly stored: StoredToken;
}

/** Turns the text of an entry into what may be written to a disk, and back. */
export interface Codec {
  /** Named in the file. */
  readonly name: 'plain' | 'A256GCM';
  /** @param context - What the text is bound to: it opens nowhere else. */
  seal(text: string, context: string): Promise<unknown>;
  /** @throws Whatever, for a text that cannot be opened. {@link StoreError}, where another key would open it. */
  open(body: unknown, context: string): Promise<string>;
}

export type Parsed =
  | { readonly state: 'good'; readonly entry: Entry }
  | { readonly state: 'corrupt' }
  | { readonly state: 'newer'; readonly format: number };

const FORMAT = 1;

/** The text in the clear. */
export const plain: Codec = {
  name: 'plain',
  seal: async (text) => JSON.parse(text),
  open: async (body) => JSON.stringify(body),
};

/** @param id - The name of the file, so that two files cannot be exchanged. */
export async function formatEntry({ key, stored }: Entry, id: string, codec: Codec): Promise<string> {
  const body = await codec.seal(JSON.stringify({ key, stored }), context(id));
  return `${JSON.stringify({ authwire: 'credential', format: FORMAT, codec: codec.name, body })}\n`;
}

/** @throws {@link StoreError} for an entry that another codec, or another key, would open. */
export async function parseEntry(text: string, id: string, open: Opener): Promise<Parsed> {
  const envelope = parseObject(text);
  if (envelope?.authwire !== 'credential' || typeof envelope.format !== 'number') return { state: 'corrupt' };
  if (envelope.format > FORMAT) return { state: 'newer', format: envelope.format };
  const opened = await open(String(envelope.codec), envelope.body, context(id));
  const { key, stored } = (opened === undefined ? undefined : parseObject(opened)) ?? {};
  if (typeof key !== 'string' || !isStored(stored)) return { state: 'corrupt' };
  return { state: 'good', entry: { key, stored } };
}

/** `undefined`: damaged. */
export type Opener = (codec: string, body: unknown, context: string) => Promise<string | undefined>;

function context(id: string): string {
  return `authwire credential ${FORMAT} ${id}`;
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function isStored(value: unknown): value is StoredToken {
  if (typeof value !== 'object' || value === null) return false;
  const { version, token } = value as Partial<StoredToken>;
  return typeof version === 'string' && (token === undefined || typeof token?.accessToken === 'string');
}

/** A record under a new version. */
export function versioned(record: TokenRecord): StoredToken {
  return { ...record, version: crypto.randomUUID() };
}
