import { base64url } from './fingerprint.ts';
import { secureRandom } from './secure-random.ts';

/** A name for notes in a shared store: for people the process, for us who of all it was. */
export function uniqueName(): string {
  const { process } = globalThis as { process?: { pid?: number } };
  const pid = typeof process?.pid === 'number' ? `process ${process.pid}` : 'somebody';
  return `${pid} (${base64url(secureRandom(6))})`;
}
