import { TokenEndpointError } from '../errors.ts';
import type { Catalog } from '../keystone/catalog.ts';
import { type EndpointChoice, findEndpoint, interfaces } from '../keystone/find-endpoint.ts';
import {
  type KeystoneLogin,
  type KeystoneLoginOptions,
  keystoneLogin,
  keystoneShape,
} from '../keystone/keystone-login.ts';
import { refuse, textOption } from '../keystone/options.ts';
import { type Origins, originRule, originsOfRules } from '../lifecycle/origins.ts';
import { anything, pickOptions, readOptions, type Shape, shapeWithout, texts } from '../options.ts';
import type { Token } from '../tokens/token.ts';
import { TokenAuthenticator, type TokenAuthenticatorOptions } from '../tokens/token-authenticator.ts';
import { tokenShape } from '../tokens/token-shape.ts';

/** Options of {@link AuthOpenStack}. */
export interface AuthOpenStackOptions
  extends KeystoneLoginOptions,
    Omit<TokenAuthenticatorOptions, 'token' | 'header' | 'format'> {
  /** Where the token may travel, beside the endpoints of `allowEndpoints`. Default: the origin of `authUrl`. */
  readonly origins?: Origins;
  /** The region of `endpointFor`, where the call names none. Default: any. */
  readonly region?: string;
  /** The interface of `endpointFor`, or several, the preferred one first, where a call names none. Default: `public`. */
  readonly interface?: 'public' | 'internal' | 'admin' | (string & {}) | readonly string[];
}

const cacheShape = shapeWithout(tokenShape, 'header', 'format');
const SHAPE: Shape<AuthOpenStackOptions> = { ...cacheShape, ...keystoneShape, region: anything, interface: texts };

const DEADLINE_MS = 30_000;
/** Beyond it timers fire at once. */
const LONGEST_DEADLINE_MS = 2 ** 31 - 1;

/**
 * Logs in to OpenStack's Keystone (Identity API v3) and sends the token as `X-Auth-Token`. When the token has expired or
 * was refused, it logs in again. Looks up in the service catalogue where the services are.
 *
 * @example
 * const auth = new AuthOpenStack({
 *   authUrl: 'https://keystone.example.com/v3',
 *   username: 'ada',
 *   userDomainName: 'Default',
 *   password,
 *   projectName: 'reports',
 *   projectDomainName: 'Default',
 *   allowEndpoints: ['compute'],
 * });
 * const compute = await auth.endpointFor('compute', { region: 'RegionOne' });
 * @throws {@link ConfigurationError} naming the option that is wrong, {@link CredentialError} for a secret that cannot be
 * sent.
 */
export class AuthOpenStack extends TokenAuthenticator {
  readonly #login: KeystoneLogin;
  readonly #choice: EndpointChoice;
  /** Some endpoints of the catalogue are allowed. */
  readonly #hasEndpoints: boolean;
  readonly #deadlineMs: number;
  #lookUp: { readonly accessToken: string; readonly catalog: Promise<Catalog> } | undefined;

  constructor(given: AuthOpenStackOptions) {
    const options = (new.target === AuthOpenStack ? readOptions : pickOptions)<AuthOpenStackOptions>(
      'AuthOpenStack',
      given,
      SHAPE,
    );
    const login = keystoneLogin(options);
    const {
      token: _,
      header: __,
      format: ___,
      ...others
    } = options as AuthOpenStackOptions & TokenAuthenticatorOptions;
    super(login, { ...others, origins: originsOf(options, login), header: 'x-auth-token', format: '{}' });
    this.#login = login;
    this.#hasEndpoints = options.allowEndpoints !== undefined;
    this.#choice = { region: textOption(options, 'region'), interface: interfaces(options.interface) };
    this.#deadlineMs = Math.min(options.deadlineMs ?? DEADLINE_MS, LONGEST_DEADLINE_MS);
  }

  static override getName(): string {
    return 'AuthOpenStack';
  }

  /** The endpoints that are allowed stand in the catalogue, which comes with the first token. */
  override learnOrigins(): void | Promise<void> {
    if (this.#hasEndpoints && !this.#login.services.isKnown) return this.#catalog().then(() => undefined);
  }

  /**
   * The URL of a service, without a slash at its end; logs in when needed. Official types of service are found under
   * their historical aliases too: `block-storage` where a catalogue says `volumev3`.
   *
   * @throws {@link EndpointNotFoundError} (as a rejection), which lists what is there, when there is none or when several
   * regions have it; {@link AuthError} when there is no token or no catalogue.
   */
  async endpointFor(serviceType: string, choice: EndpointChoice = {}): Promise<string> {
    const { region = this.#choice.region, interface: face = this.#choice.interface } = choice;
    if (textOption({ serviceType }, 'serviceType') === undefined)
      refuse('serviceType', "takes text, such as 'compute'.");
    return findEndpoint(await this.#catalog(), serviceType, { region, interface: face }).url;
  }

  async #catalog(): Promise<Catalog> {
    const token = await this.tokens.get();
    try {
      return await this.#catalogOf(token);
    } catch (error) {
      const better = isRefusal(error) ? await this.tokens.renew(token) : token;
      if (better.accessToken === token.accessToken) throw error;
      return this.#catalogOf(better);
    }
  }

  /** One look-up for everybody who waits for it. */
  #catalogOf(token: Token): Promise<Catalog> {
    const { accessToken } = token;
    if (this.#lookUp?.accessToken === accessToken) return this.#lookUp.catalog;
    const done = () => {
      if (this.#lookUp === lookUp) this.#lookUp = undefined;
    };
    const catalog = this.#login.catalog(token, AbortSignal.timeout(this.#deadlineMs)).finally(done);
    const lookUp = { accessToken, catalog };
    this.#lookUp = lookUp;
    return catalog;
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof TokenEndpointError && (error.status === 401 || error.status === 404);
}

/** Static where that is enough: then the origins can be seen. */
function originsOf({ origins, allowEndpoints }: AuthOpenStackOptions, { authUrl, services }: KeystoneLogin): Origins {
  const own = origins ?? [authUrl.origin];
  const rule = originRule(own);
  if (allowEndpoints === undefined || own === '*' || rule === undefined) return own;
  return originsOfRules([rule, ({ url }) => services.allows(url)]);
}
