// Runs the built package on whichever Node runs this file: every entry point loads, and one request is really signed.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { AuthBasic } from 'authwire';
import { fetchAuth } from 'authwire/fetch';
import manifest from 'authwire/package.json' with { type: 'json' };

const entries = Object.keys(manifest.exports).filter((entry) => entry !== './package.json');
for (const entry of entries) {
  const names = Object.keys(await import(entry.replace('.', 'authwire')));
  assert.notEqual(names.length, 0, `${entry} exports nothing`);
}

const server = createServer((request, response) => {
  response.statusCode = request.headers.authorization === `Basic ${btoa('aladdin:open sesame')}` ? 200 : 401;
  response.end('hello');
}).listen(0, '127.0.0.1');
await once(server, 'listening');

try {
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const api = fetchAuth(new AuthBasic({ username: 'aladdin', password: 'open sesame' }));
  const response = await api(`http://127.0.0.1:${port}/`);
  assert.equal(response.status, 200);
  assert.equal(await response.text(), 'hello');
} finally {
  server.close();
  server.closeAllConnections();
}

console.log(`smoke: ${entries.length} entries and a signed fetch on Node ${process.version}`);
