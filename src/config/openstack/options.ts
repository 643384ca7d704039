import type { AuthOpenStackOptions } from '../../authenticators/openstack.ts';
import { ConfigurationError } from '../../errors.ts';
import { keystoneLogin } from '../../keystone/keystone-login.ts';
import type { TransportOptions } from '../../node/transport/options.ts';
import { flag, func, object, readOptions, type Shape, text } from '../../options.ts';
import type { Environment } from '../places.ts';
import { type Cloud, chooseCloud } from './choose-cloud.ts';
import { readCloudFiles } from './files.ts';
import { loginOptions } from './login-options.ts';
import { refuseTls, tlsOptions } from './tls.ts';

/** Which cloud is meant, and where it may stand. */
export interface OpenStackCloudRequest {
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
}

/** Options of {@link openStackOptions}. */
export interface OpenStackOptionsRequest extends OpenStackCloudRequest {
  /**
   * Sends the requests to Keystone, where the cloud needs TLS settings that the global `fetch` lacks. Default: the
   * global `fetch`.
   */
  readonly fetch?: typeof fetch;
  /**
   * Allows a Keystone over http beyond loopback, where anyone on the network path can read the secrets. Default:
   * `false`.
   */
  readonly allowInsecureRequests?: boolean;
}

const CLOUD: Shape<OpenStackCloudRequest> = {
  cloud: text,
  region: text,
  env: object,
  files: {
    wanted: 'a list of paths',
    test: (value) => Array.isArray(value) && value.every((one) => typeof one === 'string'),
  },
};
const REQUEST: Shape<OpenStackOptionsRequest> = { ...CLOUD, fetch: func, allowInsecureRequests: flag };

/**
 * Reads `clouds.yaml` (with `secure.yaml` and `clouds-public.yaml`) or the `OS_*` variables, as openstacksdk does, and
 * gives the options of {@link AuthOpenStack}. Secrets come wrapped.
 *
 * @example
 * const auth = new AuthOpenStack({ ...(await openStackOptions({ cloud: 'prod' })), allowEndpoints: ['compute'] });
 * @throws {@link ConfigurationError} (as a rejection) naming the file and key, or the variable, that is missing, wrong or
 * cannot be honoured. It never holds a value that may be secret.
 */
export async function openStackOptions(given?: OpenStackOptionsRequest): Promise<AuthOpenStackOptions> {
  const request = readOptions('openStackOptions', given, REQUEST);
  const { env = process.env, fetch, allowInsecureRequests } = request;
  const cloud = await readCloud(request, env);
  const { options, places } = loginOptions(cloud);
  if (fetch === undefined) refuseTls(cloud, env);
  const own = { ...(fetch && { fetch }), ...(allowInsecureRequests && { allowInsecureRequests }) };
  const found = { ...options, ...own } as unknown as AuthOpenStackOptions;
  check(found, places);
  return found;
}

/**
 * What the same files or variables say of TLS (`cacert`, `cert`, `key`, `verify`, `insecure`), as options of
 * `createTransport`: for the requests to Keystone, and for those of your client.
 *
 * @example
 * const transport = createTransport(await openStackTransportOptions({ cloud: 'prod' }));
 * const auth = new AuthOpenStack(await openStackOptions({ cloud: 'prod', fetch: transport.fetch }));
 * const api = got.extend(transport.got, gotAuth(auth));
 * @throws {@link ConfigurationError} (as a rejection) naming the file and key, or the variable, that is wrong.
 */
export async function openStackTransportOptions(given?: OpenStackCloudRequest): Promise<TransportOptions> {
  const request = readOptions('openStackTransportOptions', given, CLOUD);
  const { env = process.env } = request;
  return tlsOptions(await readCloud(request, env), env);
}

async function readCloud({ cloud, region, files }: OpenStackCloudRequest, env: Environment): Promise<Cloud> {
  return chooseCloud(await readCloudFiles(env, files), { cloud, region, env });
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
