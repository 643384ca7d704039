// Runs the CommonJS build on whichever Node runs this file: every entry point loads, a request is signed, and errors of one
// build are recognised by the other.
const assert = require('node:assert/strict');
const { createServer } = require('node:http');
const { AuthBasic, isAuthError, ConfigurationError } = require('authwire');
const { fetchAuth } = require('authwire/fetch');
const manifest = require('authwire/package.json');

const entries = Object.keys(manifest.exports).filter((entry) => entry !== './package.json');
for (const entry of entries) {
  const names = Object.keys(require(entry.replace('.', 'authwire')));
  assert.notEqual(names.length, 0, `${entry} exports nothing`);
}

const server = createServer((request, response) => {
  const isSigned = request.headers.authorization === `Basic ${btoa('aladdin:open sesame')}`;
  response.statusCode = isSigned ? 200 : 401;
  response.end();
}).listen(0, '127.0.0.1', async () => {
  try {
    const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
    const origin = `http://127.0.0.1:${port}`;
    const auth = new AuthBasic({ username: 'aladdin', password: 'open sesame', origins: [origin] });
    assert.equal((await fetchAuth(auth)(origin)).status, 200);

    const esm = await import('authwire');
    assert.ok(isAuthError(new esm.ConfigurationError('x')));
    assert.ok(esm.isAuthError(new ConfigurationError('x')));

    // One process, one registry of secrets: either build's filter masks what the other build's authenticators hold.
    const { credentialFilter } = require('authwire/logging');
    const esmLogging = await import('authwire/logging');
    new esm.AuthBasic({ username: 'ada', password: 'a secret of the ES module', origins: [origin] });
    for (const filter of [credentialFilter, esmLogging.credentialFilter]) {
      assert.doesNotMatch(filter.mask('open sesame, a secret of the ES module'), /sesame|secret/);
    }
    console.log(`smoke: ${entries.length} entries by require on Node ${process.version}`);
  } finally {
    server.close();
    server.closeAllConnections();
  }
});
