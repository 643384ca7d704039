/**
 * A process of its own that takes a lock and does what its parent says: `node holder.ts PATH KIND`. It prints `held` with
 * its pid, and gives the lock back when its standard input ends.
 */

import { fileLock } from '../../../src/node/stores/lock/file-lock.ts';

const [path = '', kind = 'auto'] = process.argv.slice(2);
const lock = await fileLock(path, { kind: kind as 'auto', timeoutMs: 20_000 });
process.stdout.write(`held ${process.pid} ${lock.kind}\n`);
process.stdin.on('end', () => void lock.release()).resume();
