// Compiled by ts-node and tsx.
import { AuthBearer, isAuthError } from 'authwire';
import { axiosAuth } from 'authwire/axios';
import { fetchAuth } from 'authwire/fetch';
import { undiciAuth } from 'authwire/undici';
import axios from 'axios';
import { Agent, request } from 'undici';

const origin = process.env.MATRIX_ORIGIN ?? '';
const auth = () => new AuthBearer(async () => 'fresh', { token: 'stale', origins: [origin] });

function check(client: string, status: number): void {
  if (status !== 200) throw new Error(`${client}: the server answered ${status}`);
  console.log(`matrix: ${client} ok`);
}

async function run(): Promise<void> {
  const api = axios.create({ baseURL: origin });
  api.interceptors.request.use(axiosAuth(auth()));
  check('axios', (await api.get('/')).status);
  check('fetch', (await fetchAuth(auth())(origin)).status);
  const dispatcher = new Agent().compose(undiciAuth(auth(), { origins: [origin] }));
  const { statusCode, body } = await request(origin, { dispatcher });
  await body.dump();
  await dispatcher.close();
  check('undici', statusCode);
}

run().catch((error: unknown) => {
  console.error(isAuthError(error) ? error.code : error);
  process.exitCode = 1;
});
