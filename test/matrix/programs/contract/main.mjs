// Runs all cases with the clients that are named as arguments. `MATRIX_SERVERS` says where the servers are.
import { cases } from './cases.mjs';
import { loaders } from './clients.mjs';
import { contextOf, isFor, problemOf } from './run-case.mjs';

const { env, argv } = globalThis.process;
const servers = JSON.parse(env.MATRIX_SERVERS);
let passed = 0;
let failed = 0;
for (const name of argv.slice(2)) {
  const client = await loaders[name]();
  for (const one of cases.filter((each) => isFor(client, each))) {
    const problem = await problemOf(() => one.run(contextOf(client, servers)));
    if (problem === undefined) passed += 1;
    else failed += 1;
    if (problem !== undefined) console.log(`FAILED ${name} ${one.name}\n${problem}`);
  }
}
console.log(`contract: ${passed} passed, ${failed} failed`);
globalThis.process.exit(failed === 0 && passed > 0 ? 0 : 1);
