/**
 * A program that signs in with a browser and a file store: `node program.ts ISSUER FOLDER LOG`. It notes each browser that it
 * opens in a file, and prints what it got. `terminal` as fourth argument: a person is at the terminal, and no browser.
 */

import { appendFile } from 'node:fs/promises';
import { AuthPkce } from '../../../src/node/login/auth-pkce.ts';
import { fileTokenStore } from '../../../src/node/stores/file-token-store.ts';
import { TestBrowser } from './browser.ts';

const [issuer = '', folder = '', log = '', mode] = process.argv.slice(2);
const openBrowser = async (url: string) => {
  await appendFile(log, `${url}\n`);
  void new TestBrowser().go(url);
};
const auth = new AuthPkce({
  issuer,
  clientId: 'spa',
  redirectUri: 'http://127.0.0.1/cb',
  scope: 'openid read',
  store: fileTokenStore(folder),
  ...(mode === 'terminal' ? { openBrowser: false } : { openBrowser, terminal: false }),
});
const token = await auth.tokens.get();
process.stdout.write(token.accessToken);
