/** apache with mod_auth_digest: MD5 and qop=auth, the one server that proves with rspauth that it knows the password. */

import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { htdigest, REALM } from '../../helpers/digest-scenarios/users.ts';
import { connectTo, freePort, ownedBy, type RunningServer, serverFolder, startProcess } from '../server-process.ts';

/** Where a started apache is. */
export interface Apache {
  readonly origin: string;
}

declare module 'vitest' {
  export interface ProvidedContext {
    apache: Apache;
  }
}

const MODULES = [
  'mpm_event',
  'authn_core',
  'authn_file',
  'authz_core',
  'authz_user',
  'auth_digest',
  'headers',
  'mime',
  'alias',
  'cgid',
];

export async function startApache(): Promise<Apache & RunningServer> {
  const [line = ''] = execFileSync('apache2', ['-v'], { encoding: 'utf8' }).split('\n');
  const { folder, remove } = serverFolder('apache');
  const port = await freePort();
  mkdirSync(join(folder, 'www'));
  writeFileSync(join(folder, 'users'), htdigest('md5'));
  writeFileSync(join(folder, 'echo.cgi'), ECHO);
  writeFileSync(join(folder, 'apache.conf'), configuration(folder, port));
  for (const file of ['', 'echo.cgi']) chmodSync(join(folder, file), 0o755);
  ownedBy('www-data', folder);
  try {
    const { pid, stop } = await startProcess({
      command: 'apache2',
      args: ['-d', folder, '-f', join(folder, 'apache.conf'), '-DFOREGROUND'],
      answers: () => connectTo(port),
    });
    const version = line.replace('Server version: ', '');
    return { origin: `http://127.0.0.1:${port}`, pid, version, stop: () => stop().then(remove) };
  } catch (error) {
    remove();
    throw error;
  }
}

/** Tells what has come through. */
const ECHO = `#!/bin/sh
printf 'Content-Type: text/plain\\r\\n\\r\\nuser=%s method=%s uri=%s body=' "$REMOTE_USER" "$REQUEST_METHOD" "$REQUEST_URI"
head -c "\${CONTENT_LENGTH:-0}"
`;

function configuration(folder: string, port: number): string {
  const load = MODULES.map((name) => `Include /etc/apache2/mods-available/${name}.load`).join('\n');
  return `
ServerRoot ${folder}
PidFile ${folder}/apache.pid
Mutex file:${folder} default
DefaultRuntimeDir ${folder}
ServerName 127.0.0.1
Listen 127.0.0.1:${port}
ErrorLog ${folder}/error.log
${load}
ScriptSock ${folder}/cgid.sock
TypesConfig /etc/mime.types
StartServers 1
ServerLimit 1
ThreadLimit 64
ThreadsPerChild 64
MinSpareThreads 1
MaxSpareThreads 64
MaxRequestWorkers 64
User www-data
Group www-data
DocumentRoot ${folder}/www
AllowEncodedSlashes NoDecode
# The default is room for the one-time nonces of a handful of clients.
AuthDigestShmemSize 1M
ScriptAliasMatch ^/(digest|once|mixed)(/.*)?$ ${folder}/echo.cgi
<Directory ${folder}>
  Require all granted
</Directory>
<LocationMatch "^/(digest|once|mixed)">
  AuthType Digest
  AuthName "${REALM}"
  AuthDigestProvider file
  AuthUserFile ${folder}/users
  AuthDigestQop auth
  Require valid-user
</LocationMatch>
<Location /digest>
  AuthDigestDomain /digest /mixed
</Location>
# A nonce for one request, and the next one with its answer.
<Location /once>
  AuthDigestNonceLifetime 0
</Location>
# Several challenges in a second line; nobody acts on those.
<Location /mixed>
  Header always append WWW-Authenticate "Basic realm=\\"a, b=c\\", Negotiate, Bearer realm=\\"api\\", error=\\"invalid_token\\""
</Location>
`;
}
