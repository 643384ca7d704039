/**
 * lighttpd: all three algorithms, each with `-sess` and without qop, user names that are hashed. A nonce of it is the time
 * and anything, so that a test can make old ones.
 */

import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { htdigest, REALM } from '../../helpers/digest-scenarios/users.ts';
import { connectTo, freePort, type RunningServer, serverFolder, startProcess } from '../server-process.ts';

/** Where a started lighttpd is. */
export interface Lighttpd {
  readonly origin: string;
}

declare module 'vitest' {
  export interface ProvidedContext {
    lighttpd: Lighttpd;
  }
}

/** What each folder wants. */
const FOLDERS = {
  md5: '"algorithm" => "MD5"',
  sha256: '"algorithm" => "SHA-256"',
  sha512: '"algorithm" => "SHA-512-256"',
  hash: '"algorithm" => "SHA-256", "userhash" => "enable"',
  both: '"algorithm" => "MD5|SHA-256"',
} as const;

export async function startLighttpd(): Promise<Lighttpd & RunningServer> {
  const [line = ''] = execFileSync('lighttpd', ['-v'], { encoding: 'utf8' }).split('\n');
  const { folder, remove } = serverFolder('lighttpd');
  const port = await freePort();
  for (const name of Object.keys(FOLDERS)) {
    mkdirSync(join(folder, 'www', name), { recursive: true });
    writeFileSync(join(folder, 'www', name, 'x'), 'ok\n');
  }
  writeFileSync(join(folder, 'users'), htdigest('md5', true) + htdigest('sha256', true));
  writeFileSync(join(folder, 'users-512'), htdigest('sha512-256'));
  writeFileSync(join(folder, 'lighttpd.conf'), configuration(folder, port));
  chmodSync(folder, 0o755);
  try {
    const { pid, stop } = await startProcess({
      command: 'lighttpd',
      args: ['-D', '-f', join(folder, 'lighttpd.conf')],
      answers: () => connectTo(port),
    });
    return { origin: `http://127.0.0.1:${port}`, pid, version: line, stop: () => stop().then(remove) };
  } catch (error) {
    remove();
    throw error;
  }
}

/** SHA-512-256 has a file of its own: by their length its hashes could be SHA-256, and the first line of a length is taken. */
function configuration(folder: string, port: number): string {
  const require = Object.entries(FOLDERS).map(
    ([name, wants]) =>
      `"/${name}/" => ( "method" => "digest", ${wants}, "realm" => "${REALM}", "require" => "valid-user" )`,
  );
  return `
server.modules = ( "mod_auth", "mod_authn_file" )
server.document-root = "${folder}/www"
server.bind = "127.0.0.1"
server.port = ${port}
server.errorlog = "${folder}/error.log"
server.upload-dirs = ( "${folder}" )
mimetype.assign = ( "" => "text/plain" )
auth.backend = "htdigest"
auth.backend.htdigest.userfile = "${folder}/users"
auth.require = (
  ${require.join(',\n  ')}
)
$HTTP["url"] =~ "^/sha512/" {
  auth.backend.htdigest.userfile = "${folder}/users-512"
}
`;
}
