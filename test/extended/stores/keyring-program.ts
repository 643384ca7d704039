/**
 * A program that logs in on one line of its input and reads the login on the next:
 * `node keyring-program.ts FOLDER write|read|status`. It prints JSON.
 */

import { keyringTokenStore } from '../../../src/node/stores/keyring-token-store.ts';

const [path = '', action] = process.argv.slice(2);
const messages: string[] = [];
const store = keyringTokenStore({ path, onFallback: (message) => messages.push(message) });
const token = { accessToken: 'topsecret'.repeat(5000), tokenType: 'Bearer' };

async function act(): Promise<object> {
  if (action === 'write') return store.write('alice', { token }, (await store.read('alice'))?.version);
  if (action === 'read') return { found: (await store.read('alice'))?.token?.accessToken === token.accessToken };
  return store.status();
}

const start = performance.now();
const answer = await act().catch((error: Error) => ({ error: error.message }));
process.stdout.write(JSON.stringify({ ...answer, messages, ms: Math.round(performance.now() - start) }));
