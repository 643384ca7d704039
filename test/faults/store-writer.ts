/**
 * A process that rotates one token of a store as fast as it can, until somebody kills it:
 * `node store-writer.ts FOLDER plain|encrypted`. It prints each generation once it is committed.
 */

import { writeSync } from 'node:fs';
import { encryptedFileTokenStore } from '../../src/node/stores/encrypted-file-token-store.ts';
import { fileTokenStore } from '../../src/node/stores/file-token-store.ts';

const [path = '', kind] = process.argv.slice(2);
const store =
  kind === 'encrypted' ? encryptedFileTokenStore({ key: new Uint8Array(32).fill(7), path }) : fileTokenStore(path);

for (;;) {
  const current = await store.read('the login');
  const generation = (current?.generation ?? 0) + 1;
  const token = { accessToken: `PLAINTEXT-${generation}`, tokenType: 'Bearer', refreshToken: 'r'.repeat(2000) };
  const result = await store.write('the login', { token, generation }, current?.version);
  if (!result.ok) throw new Error('there is no other writer');
  writeSync(1, `${generation}\n`);
}
