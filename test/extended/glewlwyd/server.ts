/**
 * glewlwyd, an OAuth 2.0 and OpenID Connect server in C: second to oidc-provider, and written independently of it.
 * It runs on the loopback, in a folder of its own that goes away with it.
 */

import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { gunzipSync } from 'node:zlib';
import { freePort, type RunningServer, serverFolder, startProcess } from '../server-process.ts';
import { type Configured, configure } from './configure.ts';

/** Where a started glewlwyd is. */
export interface Glewlwyd extends Configured {
  readonly origin: string;
}

const SCHEMA = '/usr/share/doc/glewlwyd/database/init.sqlite3.sql.gz';

declare module 'vitest' {
  export interface ProvidedContext {
    glewlwyd: Glewlwyd;
  }
}

export async function startGlewlwyd(): Promise<Glewlwyd & RunningServer> {
  const version = `glewlwyd ${execFileSync('glewlwyd', ['--version'], { encoding: 'utf8' }).trim()}`;
  const { folder, remove } = serverFolder('glewlwyd');
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  createDatabase(join(folder, 'glewlwyd.db'));
  writeFileSync(join(folder, 'glewlwyd.conf'), configuration(folder, port));
  const { pid, stop } = await startProcess({
    command: 'glewlwyd',
    args: [`--config-file=${join(folder, 'glewlwyd.conf')}`],
    says: 'Glewlwyd started on port',
  });
  try {
    return { origin, ...(await configure(origin)), pid, version, stop: () => stop().then(remove) };
  } catch (error) {
    await stop();
    remove();
    throw error;
  }
}

/** Users and clients, among them the user `admin` with the password `password`. */
function createDatabase(file: string): void {
  const database = new DatabaseSync(file);
  database.exec(gunzipSync(readFileSync(SCHEMA)).toString());
  database.close();
}

function configuration(folder: string, port: number): string {
  return `
    port = ${port}
    bind_address = "127.0.0.1"
    external_url = "http://127.0.0.1:${port}"
    login_url = "login.html"
    api_prefix = "api"
    log_mode = "console"
    log_level = "INFO"
    cookie_secure = 0
    session_expiration = 3600
    session_key = "GLEWLWYD2_SESSION_ID"
    admin_scope = "g_admin"
    profile_scope = "g_profile"
    user_module_path = "/usr/lib/glewlwyd/user"
    client_module_path = "/usr/lib/glewlwyd/client"
    user_auth_scheme_module_path = "/usr/lib/glewlwyd/scheme"
    plugin_module_path = "/usr/lib/glewlwyd/plugin"
    # It wants these names even where they are not used.
    use_secure_connection = false
    secure_connection_key_file = "none"
    secure_connection_pem_file = "none"
    hash_algorithm = "SHA512"
    database = { type = "sqlite3"; path = "${folder}/glewlwyd.db"; };
  `;
}
