import { World } from './world.mjs';

const TIMEOUT_MS = 20_000;

/**
 * Can this client run this case?
 *
 * @param {any} client
 * @param {import('./cases.mjs').Case} one
 */
export function isFor(client, one) {
  return one.needs === undefined || client[one.needs] === true;
}

/**
 * Everything that a case works with.
 *
 * @param {any} client
 * @param {{ home: string, foreign: string }} servers
 */
export function contextOf(client, servers) {
  return { client, world: new World(servers), memory: {} };
}

/**
 * @param {() => Promise<void>} run
 * @returns {Promise<string | undefined>} What went wrong.
 */
export async function problemOf(run) {
  let timer;
  const tooLong = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`took longer than ${TIMEOUT_MS} ms`)), TIMEOUT_MS);
  });
  try {
    await Promise.race([run(), tooLong]);
    return undefined;
  } catch (error) {
    return String(error?.stack ?? error);
  } finally {
    clearTimeout(timer);
  }
}
