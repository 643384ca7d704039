import type { AuthOpenStackOptions } from '../../authenticators/openstack.ts';
import { ConfigurationError } from '../../errors.ts';
import { keystoneLogin } from '../../keystone/keystone-login.ts';
import { chooseCloud } from './choose-cloud.ts';
import { type Environment, readCloudFiles } from './files.ts';
import { loginOptions } from './login-options.ts';
import { refuseTls } from './tls.ts';

export interface OpenStackOptionsRequest {
  /** The name of a cloud in `clouds.yaml`. Default: `OS_CLOUD`, else what the environment says, else the only cloud. */
  readonly cloud?: string;
  /** Default: `OS_REGION_NAME`, else what the cloud says. */
  readonly region?: string;
  /** Default: `process.env`. */
  readonly env?: Environment;
  /**
   * Where `clouds.yaml` may be; the first that is there counts. Default: `OS_CLIENT_CONFIG_FILE`, else
   * `~/.config/openstack`, then `/etc/openstack`. Never the working directory.
   */
  readonly files?: readonly string[];
  /** For requests to Keystone, where the cloud needs settings of TLS that the global `fetch` has not. */
  readonly fetch?: typeof fetch;
  /** Allows a Keystone over http on another machine: whoever is on the way reads the secrets. Default: `false`. */
  readonly allowInsecureRequests?: boolean;
}

/**
 * Reads `clouds.yaml` (with `secure.yaml` and `clouds-public.yaml`) or the `OS_*` variables, as openstacksdk does, and
 * gives the options of {@link AuthOpenStack}. Secrets come wrapped.
 *
 * @example
 * const auth = new AuthOpenStack({ ...(await openStackOptions({ cloud: 'prod' })), allowEndpoints: ['compute'] });
 * @throws {@link ConfigurationError} (as a rejection) naming the file and key, or the variable, that is missing, wrong or
 * cannot be honoured. It never holds a value that may be secret.
 */
export async function openStackOptions(request: OpenStackOptionsRequest = {}): Promise<AuthOpenStackOptions> {
  const { env = process.env, fetch, allowInsecureRequests } = request;
  const cloud = chooseCloud(await readCloudFiles(env, request.files), {
    cloud: request.cloud,
    region: request.region,
    env,
  });
  const { options, places } = loginOptions(cloud);
  if (fetch === undefined) refuseTls(cloud, env);
  const own = { ...(fetch && { fetch }), ...(allowInsecureRequests && { allowInsecureRequests }) };
  const found = { ...options, ...own } as unknown as AuthOpenStackOptions;
  check(found, places);
  return found;
}

/** What is wrong is said here, where it is known in which file it stands. */
function check(options: AuthOpenStackOptions, places: ReadonlyMap<string, string>): void {
  try {
    keystoneLogin(options);
  } catch (error) {
    const place = error instanceof ConfigurationError ? places.get(error.option ?? '') : undefined;
    if (!(error instanceof ConfigurationError) || place === undefined) throw error;
    const about = error.option === undefined ? {} : { option: error.option };
    throw new ConfigurationError(`${place}: ${error.message}`, { cause: error, ...about });
  }
}
