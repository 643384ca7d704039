/**
 * A program that uses the command line's login for ever new requests: `node renewing.ts KEY ISSUER`, until standard input ends. It
 * prints what went wrong, other than that nobody is signed in.
 */

import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { AuthOAuth2 } from '../../../src/authenticators/oauth2.ts';
import { isAuthError } from '../../../src/errors.ts';
import { fileTokenStore } from '../../../src/node/stores/file-token-store.ts';
import { refreshToken } from '../../../src/oauth/grants/refresh-token.ts';

const [storeKey = '', issuer = ''] = process.argv.slice(2);
const end = once(process.stdin.resume(), 'end').then(() => true);
let isOver = false;
void end.then(() => {
  isOver = true;
});
/** It makes a request so often. */
const REQUEST_MS = 100;
const store = fileTokenStore();
process.stdout.write('ready\n');
while (!isOver) {
  const auth = new AuthOAuth2(refreshToken({ issuer, clientId: 'cli' }), { store, storeKey });
  try {
    await auth.tokens.get();
  } catch (error) {
    if (!isAuthError(error) || error.code !== 'ERR_AUTH_LOGIN_REQUIRED') process.stdout.write(`${String(error)}\n`);
  }
  await auth.close();
  await pause(REQUEST_MS);
}
