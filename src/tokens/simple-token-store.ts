import { Mutex } from 'async-mutex';
import { ConfigurationError } from '../errors.ts';
import { flag, func, readOptions, type Shape } from '../options.ts';
import { KEEP, type SharedTokenStore } from './keeping.ts';
import type { StoredToken, TokenRecord, TokenStore, WriteResult } from './store.ts';
import { keepInStore } from './stored-keeping.ts';

/** Three functions of whatever keeps text under a key: a Map, Keyv, a cookie jar, a row of a table. */
export interface SimpleTokenStoreOptions {
  /** The text under a key; `undefined` or `null`: there is none. */
  readonly get: (key: string) => string | null | undefined | Promise<string | null | undefined>;
  /** Keeps a text under a key. The text holds tokens: encrypt it where others can read it. What it returns is ignored. */
  readonly set: (key: string, text: string) => unknown;
  /** Removes what is under a key. What it returns is ignored. */
  readonly delete: (key: string) => unknown;
  /**
   * Only one process at a time uses these keys. Default: `false`, and a warning at construction says what may happen to
   * refresh tokens that are used once.
   */
  readonly singleProcess?: boolean;
}

const SHAPE: Shape<SimpleTokenStoreOptions> = { get: func, set: func, delete: func, singleProcess: flag };
let warned = false;

/**
 * Makes a token store of three functions.
 *
 * It compares versions before it writes, but it cannot do both in one step: two processes that write at the same moment may
 * overwrite each other, and nothing keeps two processes from renewing at once. With a refresh token that may be used once,
 * that ends the login. For several processes take `fileTokenStore` or a store that has leases.
 *
 * @example
 * const map = new Map<string, string>();
 * const store = simpleTokenStore({
 *   get: (key) => map.get(key), set: (key, text) => map.set(key, text), delete: (key) => map.delete(key), singleProcess: true,
 * });
 * @throws {@link ConfigurationError} for a function that is missing.
 */
export function simpleTokenStore(options: SimpleTokenStoreOptions): SharedTokenStore {
  const given = readOptions('simpleTokenStore', options, SHAPE);
  for (const option of ['get', 'set', 'delete'] as const) {
    if (given[option] === undefined) {
      throw new ConfigurationError(`simpleTokenStore: option '${option}' is missing.`, { option });
    }
  }
  if (given.singleProcess !== true) warnOnce();
  const turns = new Mutex();

  const read = async (key: string) => parse(await given.get(key));

  return {
    [KEEP]: keepInStore,
    read,
    write: (key, record, expectedVersion) =>
      turns.runExclusive(() => write({ read, set: given.set }, key, record, expectedVersion)),
    delete: (key, expectedVersion) =>
      turns.runExclusive(async () => {
        if (expectedVersion !== undefined && (await read(key))?.version !== expectedVersion) return;
        await given.delete(key);
      }),
  };
}

async function write(
  { read, set }: Pick<TokenStore, 'read'> & Pick<SimpleTokenStoreOptions, 'set'>,
  key: string,
  record: TokenRecord,
  expectedVersion: string | undefined,
): Promise<WriteResult> {
  const current = await read(key);
  if (current?.version !== expectedVersion) return { ok: false, current };
  const stored: StoredToken = { ...record, version: crypto.randomUUID() };
  await set(key, JSON.stringify(stored));
  return { ok: true, version: stored.version };
}

function parse(text: string | null | undefined): StoredToken | undefined {
  if (typeof text !== 'string') return undefined;
  try {
    const stored = JSON.parse(text) as StoredToken | null;
    return typeof stored?.version === 'string' ? stored : undefined;
  } catch {
    return undefined;
  }
}

function warnOnce(): void {
  if (warned) return;
  warned = true;
  const { process } = globalThis as { readonly process?: { emitWarning?(text: string, options: object): void } };
  process?.emitWarning?.(
    'authwire: simpleTokenStore cannot keep two processes from renewing at once, which ends a login whose refresh token ' +
      "may be used once. Set option 'singleProcess' if there is one process only.",
    { code: 'AUTHWIRE_SIMPLE_STORE' },
  );
}
