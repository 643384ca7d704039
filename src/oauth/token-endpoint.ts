/**
 * A token request by RFC 6749: parameters in a form, one client authentication, an answer read leniently.
 */

import { ConfigurationError } from '../errors.ts';
import { joinOptions } from '../options.ts';
import { markSpent } from '../tokens/spent.ts';
import type { Demand, Token, TokenSource } from '../tokens/token.ts';
import type { AuthorizationServer, ServerOptions } from './authorization-server.ts';
import { type ClientFeatures, type OAuthClient, type OAuthClientOptions, oauthClient } from './client.ts';
import type { Dpop, ProveTokenRequest } from './dpop.ts';
import type { IdTokenExpectation, IdTokenValidator } from './id-token.ts';
import { grantIdentity, type Proofs } from './identity.ts';
import { registerParameters } from './registered-secrets.ts';
import { type CheckAnswer, type TokenResponse, type TokenResponseOptions, tokenReader } from './token-response.ts';

/** What every grant asks for, and as whom. */
export interface TokenRequestOptions extends OAuthClientOptions, TokenResponseOptions {
  /**
   * The scope to request: a list of names, or one text separated by spaces. Default: what the server grants by itself.
   */
  readonly scope?: string | readonly string[];
  /** The API that the token is for, for servers with a parameter `audience`. Default: none. */
  readonly audience?: string | readonly string[];
  /** The resources that the token is for (RFC 8707). Default: none. */
  readonly resource?: string | readonly string[];
  /** More parameters of the token request. Default: none. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** More parameters of a refresh request. Default: `parameters`. */
  readonly refreshParameters?: Readonly<Record<string, string>>;
  /** Binds tokens to a key (RFC 9449); a token that arrives unbound is discarded. Default: tokens are not bound. */
  readonly dpop?: Dpop;
}

/** Options of every grant. */
export type TokenEndpointOptions = TokenRequestOptions & ServerOptions;

/** What one grant adds to a token request. */
export interface GrantRequest {
  readonly grantType: string;
  readonly parameters?: Readonly<Record<string, string>>;
  /** The whole scope of this request. Empty: none is sent. */
  readonly scope?: readonly string[];
  /** What has been asked for, where this request sends no scope: granted, if the answer does not say otherwise. */
  readonly asked?: readonly string[];
  readonly demand?: Demand | undefined;
  /** What the ID token must say, where one comes and an issuer is known. Default: nobody looks at it. */
  readonly idToken?: IdTokenExpectation;
  /** Looks at the answer before the token is read. */
  readonly check?: CheckAnswer;
  readonly signal: AbortSignal;
  /** Awaited when all is ready, right before the request goes out. */
  readonly beforeSend?: () => Promise<void>;
}

/** Makes token requests of one client. */
export interface TokenEndpoint {
  readonly client: OAuthClient;
  readonly idTokens: IdTokenValidator | undefined;
  /** What tokens are bound to, where they are. */
  readonly dpop: Dpop | undefined;
  /** @throws {@link TokenEndpointError} */
  request(grant: GrantRequest): Promise<Token>;
  /** From now on answers may call the type of a token whatever they like: who sends it has a format. */
  allowAnyTokenType(): void;
  /** Registers a secret of this client with the credential filter. */
  registerSecret(key: string, value: string | undefined): void;
  /**
   * Whose tokens these are, to be spread into the source; empty where that is not known.
   *
   * @param own - What is the grant's own: a user, a subject, more parameters.
   * @param proofs - What proves who asks; `undefined`: nobody here knows it.
   */
  identity(own: unknown, proofs: Proofs | undefined): Pick<TokenSource, 'identity'>;
}

/** What a grant is, beyond its parameters. */
export interface GrantFeatures extends ClientFeatures {
  /** The grant's own parameters, which have options of their own. Default: none. */
  readonly reserved?: readonly string[];
  /** Validates ID tokens, for the grants of people. Default: nobody looks at them. */
  readonly validator?: (server: AuthorizationServer, options: TokenEndpointOptions) => IdTokenValidator | undefined;
}

/** Parameters that are none of a user's business. */
const RESERVED = [
  'grant_type',
  'client_id',
  'client_secret',
  'client_assertion',
  'client_assertion_type',
  'refresh_token',
];

/**
 * Checks the options before any I/O.
 *
 * @param name - The grant, for the store key.
 * @throws {@link ConfigurationError} naming the option, {@link CredentialError} for a secret that cannot be sent.
 */
export function tokenEndpoint(
  name: string,
  options: TokenEndpointOptions,
  { validator, reserved = [], ...features }: GrantFeatures = {},
): TokenEndpoint {
  const client = oauthClient(options, features);
  const { dpop } = options;
  const reading = joinOptions(options, { bound: dpop !== undefined, anyTokenType: false });
  const read = tokenReader(reading);
  const common = commonParameters(options, 'parameters', reserved);
  const refreshing = commonParameters(
    options,
    options.refreshParameters ? 'refreshParameters' : 'parameters',
    reserved,
  );
  for (const option of ['parameters', 'refreshParameters', 'headers'] as const) {
    registerParameters(client.registerSecret, option, options[option]);
  }
  const idTokens = validator?.(client.server, options);

  async function request(grant: GrantRequest): Promise<Token> {
    const { grantType, signal, beforeSend } = grant;
    const form = withGrant(grantType === 'refresh_token' ? refreshing : common, grant);
    const send = (prove?: ProveTokenRequest) => {
      const headers = async (url: URL) => {
        await beforeSend?.();
        return prove === undefined ? {} : { dpop: await prove(url) };
      };
      return client.post('tokenEndpoint', { form, signal, headers });
    };
    const once = async () => accepted(await (dpop === undefined ? send() : dpop.request(send, client.now)), grant);
    const token = await once().catch(async (error: { readonly error?: unknown }) => {
      if (error.error === 'invalid_client' && (await client.isSecretNew())) return once();
      throw error;
    });
    const asked = grant.asked ?? grant.scope ?? [];
    return token.scope !== undefined || asked.length === 0 ? token : { ...token, scope: asked };
  }

  /** What fails from here on cannot be asked again with the same refresh token. */
  async function accepted(response: TokenResponse, grant: GrantRequest): Promise<Token> {
    try {
      return await validated(read(response, grant.check), grant);
    } catch (error) {
      if (response.status >= 200 && response.status <= 299) markSpent(error);
      throw error;
    }
  }

  async function validated(token: Token, { idToken: expected, signal }: GrantRequest): Promise<Token> {
    if ((await idTokens?.check(token.idToken, expected, signal)) !== false) return token;
    const { idToken, ...others } = token;
    return others;
  }

  return {
    client,
    idTokens,
    dpop,
    request,
    registerSecret: client.registerSecret,
    allowAnyTokenType() {
      reading.anyTokenType = true;
    },
    identity(own, proofs) {
      return proofs === undefined ? {} : { identity: grantIdentity(name, client.server.name, options, own, proofs) };
    },
  };
}

/**
 * Parameters of the user, which must not overrule the grant's own.
 *
 * @throws {@link ConfigurationError} naming `option`.
 */
export function ownParameters(
  parameters: Readonly<Record<string, string>> = {},
  option: string,
  reserved: readonly string[] = RESERVED,
): URLSearchParams {
  const forbidden = reserved.find((name) => Object.hasOwn(parameters, name));
  if (forbidden !== undefined) {
    throw new ConfigurationError(`option '${option}' must not hold '${forbidden}', which authwire sets.`, {
      option,
    });
  }
  return new URLSearchParams({ ...parameters });
}

function commonParameters(
  options: TokenRequestOptions,
  option: 'parameters' | 'refreshParameters',
  reserved: readonly string[],
): URLSearchParams {
  return withTargets(ownParameters(options[option], option, RESERVED.concat(reserved)), options);
}

/** Adds what the token is for: audience and resources (RFC 8707), each as often as it is given. */
export function withTargets(
  parameters: URLSearchParams,
  { audience = [], resource = [] }: Pick<TokenRequestOptions, 'audience' | 'resource'>,
): URLSearchParams {
  for (const one of [audience].flat()) parameters.append('audience', one);
  for (const one of [resource].flat()) parameters.append('resource', one);
  return parameters;
}

function withGrant(common: URLSearchParams, grant: GrantRequest): URLSearchParams {
  const parameters = new URLSearchParams(common);
  parameters.set('grant_type', grant.grantType);
  for (const [name, value] of Object.entries(grant.parameters ?? {})) parameters.set(name, value);
  if (grant.scope !== undefined && grant.scope.length > 0) parameters.set('scope', grant.scope.join(' '));
  if (grant.demand?.claims !== undefined) parameters.set('claims', grant.demand.claims);
  return parameters;
}
