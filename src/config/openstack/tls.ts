import { ConfigurationError } from '../../errors.ts';
import type { Cloud } from './choose-cloud.ts';
import type { Environment } from './files.ts';

/**
 * Refuses settings of TLS that nobody here honours: what goes to Keystone goes through `fetch`, and only who makes that
 * can say whom it trusts.
 *
 * @throws {@link ConfigurationError} naming the key or variable.
 */
export function refuseTls({ settings }: Cloud, env: Environment): void {
  const [cacert, verify, insecure] = ['cacert', 'verify', 'insecure'].map((key) => settings.get(key));
  const client = settings.get('cert') ?? settings.get('key');
  if (cacert !== undefined && cacert.value !== env.NODE_EXTRA_CA_CERTS) {
    refuse(cacert.where, 'names a CA. Set NODE_EXTRA_CA_CERTS to that file');
  }
  if (verify !== undefined && /^(?:false|no|off|0)$/i.test(verify.value)) refuse(verify.where, 'switches checks off');
  if (insecure !== undefined && /^(?:true|yes|on|1)$/i.test(insecure.value)) {
    refuse(insecure.where, 'switches checks off');
  }
  if (client !== undefined) refuse(client.where, 'names a client certificate');
}

function refuse(where: string, problem: string): never {
  throw new ConfigurationError(
    `${where} ${problem}${problem.includes('Set ') ? ', or' : ': leave it out, or'} give option 'fetch', made with your ` +
      'own settings of TLS, which then decides alone.',
    { option: where },
  );
}
