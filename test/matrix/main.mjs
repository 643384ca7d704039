// Installs the packed package in an empty folder, and sends real requests from every Node, loader and bundle that users
// have. `--only TEXT` runs the cells whose names hold it; `--keep` leaves the folder.
import { rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { startApiServers } from './api-server.mjs';
import { bundleCells } from './bundles.mjs';
import { loaderCells } from './cells.mjs';
import { contractCells } from './contract.mjs';
import { createProject } from './project.mjs';
import { startServer } from './server.mjs';
import { typeCells } from './types.mjs';

const AT_ONCE = 2;

const { values } = parseArgs({
  options: { only: { type: 'string' }, keep: { type: 'boolean' }, in: { type: 'string' } },
});
const folder = values.in ?? createProject();
const server = await startServer();
const apiServers = await startApiServers();
const cells = [
  ...loaderCells(folder, server.origin),
  ...(await bundleCells(folder, server.origin)),
  ...contractCells(folder, apiServers),
  ...typeCells(folder),
];
const waiting = cells.filter(({ name }) => name.includes(values.only ?? ''));
const count = waiting.length;
let failures = 0;
try {
  await Promise.all(Array.from({ length: AT_ONCE }, work));
} finally {
  server.close();
  apiServers.close();
  if (values.keep === true || values.in !== undefined) console.log(folder);
  else rmSync(folder, { recursive: true });
}
console.log(`matrix: ${count - failures} cells passed, ${failures} failed`);
if (failures > 0 || count === 0) process.exitCode = 1;

async function work() {
  for (let cell = waiting.shift(); cell !== undefined; cell = waiting.shift()) {
    const problem = await cell.run();
    if (problem !== undefined) failures += 1;
    console.log(
      `${problem === undefined ? 'ok    ' : 'FAILED'} ${cell.name}${problem === undefined ? '' : `\n${problem}`}`,
    );
  }
}
