// One request of each client, with a token that the server refuses: it is renewed, and the request is sent again.
// `load` is the `import` or the `require` of whoever runs this.

const origin = process.env.MATRIX_ORIGIN;

/** @param {(name: string) => any} load */
async function createAuth(load) {
  const { AuthBearer } = await load('authwire');
  return new AuthBearer(async () => 'fresh', { token: 'stale-token-of-some-length', origins: [origin] });
}

/** The default export, whichever way it was loaded. */
function main(module) {
  return module.default ?? module;
}

const calls = {
  async axios(load) {
    const axios = main(await load('axios'));
    const { axiosAuth } = await load('authwire/axios');
    const api = axios.create({ baseURL: origin });
    api.interceptors.request.use(axiosAuth(await createAuth(load)));
    return (await api.get('/')).status;
  },
  async got(load) {
    const got = main(await load('got'));
    const { gotAuth } = await load('authwire/got');
    return (await got.extend(gotAuth(await createAuth(load)))(origin)).statusCode;
  },
  async ky(load) {
    const ky = main(await load('ky'));
    const { kyAuth } = await load('authwire/ky');
    return (await ky.extend(kyAuth(await createAuth(load)))(origin)).status;
  },
  async fetch(load) {
    const { fetchAuth } = await load('authwire/fetch');
    return (await fetchAuth(await createAuth(load))(origin)).status;
  },
  async undici(load) {
    const { Agent, request } = await load('undici');
    const { undiciAuth } = await load('authwire/undici');
    const dispatcher = new Agent().compose(undiciAuth(await createAuth(load), { origins: [origin] }));
    const { statusCode, body } = await request(origin, { dispatcher });
    await body.dump();
    await dispatcher.close();
    return statusCode;
  },
  /** An entry point without a client. */
  async other(load, entry) {
    if (Object.keys(await load(entry)).length === 0) throw new Error(`${entry} exports nothing`);
    return calls.fetch(load);
  },
  async node(load) {
    const { fetchAuth } = await load('authwire/fetch');
    const { createTransport } = await load('authwire/node');
    const transport = createTransport();
    const response = await fetchAuth(await createAuth(load), { fetch: transport.fetch })(origin);
    await response.text();
    await transport.close();
    return response.status;
  },
  async logging(load) {
    const status = await calls.fetch(load);
    const { credentialFilter } = await load('authwire/logging');
    if (credentialFilter.mask('got stale-token-of-some-length').includes('stale'))
      throw new Error('the filter does not know the token');
    return status;
  },
};

/** Sends one request with each client that `MATRIX_CLIENTS` names. */
async function run(load) {
  for (const client of process.env.MATRIX_CLIENTS.split(',')) {
    const status = await calls[client](load);
    if (status !== 200) throw new Error(`${client}: the server answered ${status}`);
    console.log(`matrix: ${client} ok`);
  }
}

exports.calls = calls;
exports.run = run;
