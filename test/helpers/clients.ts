/**
 * Every HTTP client that authwire serves, behind one call shape: `driver.create(auth, options)` gives a function
 * that sends. The contract suite in `test/integration/contract` runs unchanged over all of them.
 *
 * The author of one adapter runs only his client, and nothing else of this folder has to compile:
 *
 *     CLIENT=axios-http npx vitest run --project integration test/integration/contract
 *     CLIENT=axios-http,axios-fetch npx vitest run --project integration test/integration/contract -t 'late'
 *
 * While an adapter is being written, `--testTimeout=3000` makes what hangs fail soon.
 *
 * What a client cannot do stands in its driver's `capabilities`, with the reason. The suite never skips such a case:
 * it then asserts what happens instead.
 */

import type { ClientDriver } from './clients/driver.ts';

export type { Client, ClientDriver, ClientOptions, ClientRequest, ClientResponse } from './clients/driver.ts';

const loaders: Readonly<Record<string, () => Promise<ClientDriver>>> = {
  'axios-http': async () => (await import('./clients/axios.ts')).axiosHttp,
  'axios-fetch': async () => (await import('./clients/axios.ts')).axiosFetch,
  got: async () => (await import('./clients/got.ts')).got16,
  got14: async () => (await import('./clients/got.ts')).gotFourteen,
  ky: async () => (await import('./clients/ky.ts')).kyTwo,
  ky1: async () => (await import('./clients/ky.ts')).ky1,
  fetch: async () => (await import('./clients/fetch.ts')).fetchDriver,
  undici: async () => (await import('./clients/undici.ts')).undici,
  'undici-fetch': async () => (await import('./clients/undici.ts')).fetchOverUndici,
};

function chosenNames(): readonly string[] {
  const chosen = process.env.CLIENT?.split(',') ?? Object.keys(loaders);
  const unknown = chosen.filter((name) => !(name in loaders));
  if (unknown.length > 0) throw new Error(`No client ${unknown}; there are ${Object.keys(loaders).join(', ')}`);
  return chosen;
}

/** The drivers under test: all, or those that the environment variable `CLIENT` names. */
export const drivers: readonly ClientDriver[] = await Promise.all(
  chosenNames().map((name) => (loaders[name] as () => Promise<ClientDriver>)()),
);
