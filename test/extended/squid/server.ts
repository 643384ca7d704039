/**
 * squid, a forward proxy, twice: one wants Basic, one wants Digest (MD5, a nonce for five requests). Both hand on whatever
 * a user with a password asks for.
 */

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROXY_USER } from '../../helpers/digest-scenarios/squid.ts';
import { connectTo, freePort, ownedBy, type RunningServer, serverFolder, startProcess } from '../server-process.ts';

/** Where a started squid is. */
export interface Squid {
  readonly origin: string;
  readonly username: string;
  readonly password: string;
}

declare module 'vitest' {
  export interface ProvidedContext {
    squidBasic: Squid;
    squidDigest: Squid;
  }
}

const REALM = 'squid';

export const startSquidBasic = (): Promise<Squid & RunningServer> => startSquid('basic');
export const startSquidDigest = (): Promise<Squid & RunningServer> => startSquid('digest');

async function startSquid(scheme: 'basic' | 'digest'): Promise<Squid & RunningServer> {
  const [version = ''] = execFileSync('squid', ['--version'], { encoding: 'utf8' }).split('\n');
  const { folder, remove } = serverFolder(`squid-${scheme}`);
  const port = await freePort();
  writeFileSync(join(folder, 'users'), users(scheme));
  writeFileSync(join(folder, 'squid.conf'), configuration(folder, port, scheme));
  chmodSync(folder, 0o755);
  ownedBy('proxy', folder);
  try {
    const { pid, stop } = await startProcess({
      command: 'squid',
      args: ['-N', '-f', join(folder, 'squid.conf')],
      answers: () => connectTo(port),
    });
    return { origin: `http://127.0.0.1:${port}`, ...PROXY_USER, pid, version, stop: () => stop().then(remove) };
  } catch (error) {
    remove();
    throw error;
  }
}

/** squid's helpers take plain MD5: of the password, and of HA1. */
function users(scheme: 'basic' | 'digest'): string {
  const { username, password } = PROXY_USER;
  const md5 = (text: string) => createHash('md5').update(text).digest('hex');
  if (scheme === 'basic') return `${username}:${md5(password)}\n`;
  return `${username}:${REALM}:${md5(`${username}:${REALM}:${password}`)}\n`;
}

const HELPERS = { basic: 'basic_ncsa_auth', digest: 'digest_file_auth -c' } as const;

const DIGEST_ONLY = `
    auth_param digest nonce_garbage_interval 5 seconds
    auth_param digest nonce_max_duration 1800 seconds
    auth_param digest nonce_max_count 5`;

function configuration(folder: string, port: number, scheme: 'basic' | 'digest'): string {
  return `
    auth_param ${scheme} program /usr/lib/squid/${HELPERS[scheme]} ${folder}/users
    auth_param ${scheme} realm ${REALM}
    auth_param ${scheme} children 1 startup=1${scheme === 'digest' ? DIGEST_ONLY : ''}
    acl known proxy_auth REQUIRED
    http_access allow known
    http_access deny all
    http_port 127.0.0.1:${port}
    pid_filename ${folder}/squid.pid
    access_log none
    cache_log ${folder}/cache.log
    cache deny all
    cache_mem 8 MB
    visible_hostname squid.test
    coredump_dir ${folder}
    netdb_filename none
    pinger_enable off
    dns_nameservers 127.0.0.1
    shutdown_lifetime 1 seconds
    cache_effective_user proxy
  `.replace(/^ +/gm, '');
}
