import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { ConfigurationError } from '../../errors.ts';
import type { TransportOptions } from '../../node/transport/options.ts';
import type { Environment } from '../places.ts';
import type { Cloud } from './choose-cloud.ts';
import type { Setting } from './settings.ts';

/**
 * What a cloud says of TLS, as options of a transport.
 *
 * @throws {@link ConfigurationError} naming the key or variable whose path is relative, or that lacks its like.
 */
export function tlsOptions({ settings }: Cloud, env: Environment): TransportOptions {
  const [cacert, cert, key] = ['cacert', 'cert', 'key'].map((name) => settings.get(name));
  if (key !== undefined && cert === undefined) refuse(key.where, "names a key, but no 'cert' names its certificate.");
  return {
    ...(cacert !== undefined && { caFile: pathOf(cacert, env) }),
    // One file may hold both.
    ...(cert !== undefined && { certFile: pathOf(cert, env), keyFile: pathOf(key ?? cert, env) }),
    ...(uncheckedBy(settings) !== undefined && { rejectUnauthorized: false }),
  };
}

/**
 * Refuses settings of TLS that the global `fetch` would not honour.
 *
 * @throws {@link ConfigurationError} naming the key or variable.
 */
export function refuseTls({ settings }: Cloud, env: Environment): void {
  const cacert = settings.get('cacert');
  if (cacert !== undefined && cacert.value !== env.NODE_EXTRA_CA_CERTS) {
    refuseForFetch(cacert, 'names a CA. Set NODE_EXTRA_CA_CERTS to that file');
  }
  const unchecked = uncheckedBy(settings);
  if (unchecked !== undefined) refuseForFetch(unchecked, 'switches checks off: leave it out');
  const client = settings.get('cert') ?? settings.get('key');
  if (client !== undefined) refuseForFetch(client, 'names a client certificate: leave it out');
}

function uncheckedBy(settings: Cloud['settings']): Setting | undefined {
  const [verify, insecure] = [settings.get('verify'), settings.get('insecure')];
  if (verify !== undefined && /^(?:false|no|off|0)$/i.test(verify.value)) return verify;
  return insecure !== undefined && /^(?:true|yes|on|1)$/i.test(insecure.value) ? insecure : undefined;
}

/** A path is absolute or begins at home: the working directory never says whom to trust. */
function pathOf({ value, where }: Setting, { HOME }: Environment): string {
  const path = /^~(?=[/\\]|$)/.test(value) ? join(HOME || homedir(), value.slice(1)) : value;
  return isAbsolute(path) ? path : refuse(where, 'must be an absolute path, or begin with ~/.');
}

function refuseForFetch({ where }: Setting, problem: string): never {
  return refuse(
    where,
    `${problem}, or give option 'fetch', such as createTransport(await ` +
      'openStackTransportOptions(…)).fetch, which applies this setting.',
  );
}

function refuse(where: string, problem: string): never {
  throw new ConfigurationError(`${where} ${problem}`, { option: where });
}
