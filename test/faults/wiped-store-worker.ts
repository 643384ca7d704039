/** A process that shares a login through a folder: `node wiped-store-worker.ts FOLDER ORIGIN`. Asked for a token, it answers. */

import { AuthOAuth2 } from '../../src/authenticators/oauth2.ts';
import { fileTokenStore } from '../../src/node/stores/file-token-store.ts';
import { refreshToken } from '../../src/oauth/grants/refresh-token.ts';

const [folder = '', origin] = process.argv.slice(2);
const auth = new AuthOAuth2(
  refreshToken({ tokenEndpoint: `${origin}/token`, clientId: 'worker', refreshToken: 'refresh-1' }),
  { store: fileTokenStore(folder), storeKey: 'shared', timeToNextRequestMs: 50 },
);

process.on('message', async () => {
  try {
    process.send?.((await auth.tokens.get()).accessToken);
  } catch (error) {
    process.send?.(String(error));
  }
});
process.send?.('ready');
