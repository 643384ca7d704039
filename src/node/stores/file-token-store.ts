import { StoreError } from '../../errors.ts';
import { statedPath } from '../files/stated-path.ts';
import { plain } from './file/entry.ts';
import { FolderStore } from './file/folder-store.ts';
import type { PersistentTokenStore } from './persistent-store.ts';
import { defaultTokenFolder } from './places.ts';

/**
 * Keeps tokens in files that only this user may read: one for each credential, in a folder of their own. Tokens are in
 * the clear; {@link keyringTokenStore} and {@link encryptedFileTokenStore} encrypt them.
 *
 * Processes that share the folder share one login and renew it one at a time. A crash at any moment leaves the old token or
 * the new one. Files of another user, or that another user may read, are refused. A damaged file is moved aside and named.
 *
 * @param path - The folder, absolute. Default: `authwire/tokens` where this system keeps a user's data, such as
 * `~/.local/share/authwire/tokens`.
 * @example
 * const auth = new AuthPkce({ issuer, clientId, scope: 'openid offline_access', store: fileTokenStore() });
 * @throws {@link ConfigurationError} for a relative path.
 */
export function fileTokenStore(path?: string | URL): PersistentTokenStore {
  const folder = tokenFolder(path);
  return new FolderStore({
    path: folder,
    codec: async () => plain,
    open: (codec, body, context) => openPlain(folder, codec, body, context),
    status: async () => ({ kind: 'file', path: folder, notes: ['The tokens are in the clear.'] }),
  });
}

/** The folder that is meant. @throws {@link ConfigurationError} for a relative path. */
export function tokenFolder(path: string | URL | undefined): string {
  return path === undefined ? defaultTokenFolder() : statedPath(path, 'the folder of a token store');
}

async function openPlain(folder: string, codec: string, body: unknown, context: string): Promise<string> {
  if (codec === plain.name) return plain.open(body, context);
  throw new StoreError(
    `the tokens in ${folder} are encrypted: read them with the store that wrote them, or name another folder.`,
  );
}
