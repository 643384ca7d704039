// Runs the built package on whichever Node runs this file: every entry point loads, a request is really signed, and an
// upload with a token that has worn out is sent again after a renewal, and a command gives a token.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { AuthBasic, AuthBearer } from 'authwire';
import { fetchAuth } from 'authwire/fetch';
import { AuthCommand } from 'authwire/node';
import manifest from 'authwire/package.json' with { type: 'json' };

const entries = Object.keys(manifest.exports).filter((entry) => entry !== './package.json');
for (const entry of entries) {
  const names = Object.keys(await import(entry.replace('.', 'authwire')));
  assert.notEqual(names.length, 0, `${entry} exports nothing`);
}

const accepted = [`Basic ${btoa('aladdin:open sesame')}`, 'Bearer fresh'];
const server = createServer(async (request, response) => {
  let size = 0;
  for await (const chunk of request) size += chunk.length;
  response.statusCode = accepted.includes(request.headers.authorization ?? '') ? 200 : 401;
  response.end(String(size));
}).listen(0, '127.0.0.1');
await once(server, 'listening');

function form() {
  const body = new FormData();
  body.set('report', new Blob(['x'.repeat(1000)]), 'report.txt');
  return body;
}

try {
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const api = fetchAuth(new AuthBasic({ username: 'aladdin', password: 'open sesame' }), {
    baseUrl: `http://127.0.0.1:${port}`,
  });
  const response = await api(`http://127.0.0.1:${port}/`);
  assert.equal(response.status, 200);
  assert.equal(await response.text(), '0');

  let renewals = 0;
  const renew = async () => {
    renewals += 1;
    return 'fresh';
  };
  const uploads = fetchAuth(new AuthBearer(renew, { token: 'worn out' }), { baseUrl: `http://127.0.0.1:${port}` });
  const upload = () => uploads(`http://127.0.0.1:${port}/`, { method: 'POST', body: form() });
  const answers = await Promise.all([upload(), upload(), upload()]);
  assert.deepEqual(
    answers.map(({ status }) => status),
    [200, 200, 200],
  );
  for (const answer of answers) assert.ok(Number(await answer.text()) > 1000);
  assert.equal(renewals, 1);

  const command = [process.execPath, '--print', '"fresh"'];
  const commanded = await fetchAuth(new AuthCommand({ command }), { baseUrl: `http://127.0.0.1:${port}` })(
    `http://127.0.0.1:${port}/`,
  );
  assert.equal(commanded.status, 200);
} finally {
  server.close();
  server.closeAllConnections();
}

console.log(`smoke: ${entries.length} entries, a signed fetch, a renewal and a command on Node ${process.version}`);
