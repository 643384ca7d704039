/**
 * glewlwyd, an OAuth 2.0 and OpenID Connect server in C: second to oidc-provider, and written independently of it.
 * It runs on the loopback, in a folder of its own that goes away with it.
 */

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { gunzipSync } from 'node:zlib';
import { type Configured, configure } from './configure.ts';

/** Where a started glewlwyd is. */
export interface Glewlwyd extends Configured {
  readonly origin: string;
}

const SCHEMA = '/usr/share/doc/glewlwyd/database/init.sqlite3.sql.gz';

export async function startGlewlwyd(): Promise<Glewlwyd & { pid: number; version: string; stop(): Promise<void> }> {
  const version = `glewlwyd ${execFileSync('glewlwyd', ['--version'], { encoding: 'utf8' }).trim()}`;
  const folder = mkdtempSync(join(tmpdir(), 'authwire-glewlwyd-'));
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  createDatabase(join(folder, 'glewlwyd.db'));
  writeFileSync(join(folder, 'glewlwyd.conf'), configuration(folder, port));
  const server = spawn('glewlwyd', [`--config-file=${join(folder, 'glewlwyd.conf')}`], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // Also where the run ends before it could stop what it has started.
  const end = () => server.kill('SIGTERM');
  process.once('exit', end);
  const stop = async () => {
    process.off('exit', end);
    if (server.exitCode === null && server.kill('SIGTERM')) await once(server, 'exit');
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await started(server);
    return { origin, ...(await configure(origin)), pid: server.pid as number, version, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Resolves once the server says that it has started. */
async function started(server: ChildProcess): Promise<void> {
  const said: string[] = [];
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.once('exit', (code) => reject(new Error(`glewlwyd ended with ${code}:\n${said.join('\n')}`)));
    for (const stream of [server.stdout, server.stderr]) {
      createInterface(stream as NodeJS.ReadableStream).on('line', (line) => {
        said.push(line);
        if (line.includes('Glewlwyd started on port')) resolve();
      });
    }
  });
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as { port: number };
  probe.close();
  await once(probe, 'close');
  return port;
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
