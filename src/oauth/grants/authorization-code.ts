import { ConfigurationError, LoginRequiredError } from '../../errors.ts';
import {
  either,
  flag,
  func,
  milliseconds,
  positiveMilliseconds,
  readOptions,
  type Shape,
  text,
  textRecord,
} from '../../options.ts';
import type { Token, TokenRequest } from '../../tokens/token.ts';
import {
  type AuthorizationFlow,
  type AuthorizationRequestOptions,
  assertAuthorizationParameters,
  authorizationUrl,
  newFlow,
} from '../authorization-request.ts';
import { type AuthorizationResponse, codeOf } from '../authorization-response.ts';
import { endpointUrl } from '../endpoint-url.ts';
import { assertIdTokensValidated, idTokenValidator } from '../id-token.ts';
import { type OAuthSource, oauthSource } from '../oauth-source.ts';
import { definedText, grantShape } from '../option-shapes.ts';
import { refreshFirst } from '../refresh-first.ts';
import { scopeUnion } from '../scope.ts';
import { type TokenEndpointOptions, tokenEndpoint } from '../token-endpoint.ts';

/** What `authorize` is given. */
export interface AuthorizeRequest {
  /** Where to send the browser. */
  readonly url: URL;
  /** The redirect URI, as registered with the server; a function is called for each login. */
  readonly redirectUri: string;
  /** The `state` that the answer must have: all others are somebody else's. */
  readonly state: string;
  /** How the browser brings the answer: in the URL, or as a form in the body of a POST. */
  readonly responseMode: 'query' | 'form_post';
  /** When the URL is worth nothing any more, in milliseconds since the epoch, where the server says so. */
  readonly expiresAt?: number;
  /** Aborts when the login has taken too long. */
  readonly signal: AbortSignal;
}

/** Lets the user log in, and returns the URL to which the browser was sent in the end, or its parameters. */
export type Authorize = (request: AuthorizeRequest) => Promise<AuthorizationResponse>;

/** Where one login takes place. */
export interface LoginSession {
  /** Where the browser comes back, as registered with the server. */
  readonly redirectUri: string;
  /** Can it read a form that the browser posts? */
  readonly readsForms: boolean;
  /** Lets the user log in. {@link AGAIN}: the user wants a new link. */
  authorize(request: AuthorizeRequest): Promise<AuthorizationResponse | typeof AGAIN>;
  /** Told once how the login ended: with a token, or with an error. */
  settle(error?: unknown): Promise<void>;
}

/** Prepares one login. `refusal`: why the refresh token did not do. */
export type OpenSession = (request: TokenRequest, refusal: unknown) => Promise<LoginSession>;

/** An authorization request is given up for a new one. */
export const AGAIN = Symbol('again');

type GrantOptions = TokenEndpointOptions &
  AuthorizationRequestOptions & {
    /** How long a login may take, in milliseconds. Default: 300,000 (five minutes). */
    readonly deadlineMs?: number;
  };

/** Options of {@link authorizationCode}. */
export type AuthorizationCodeOptions = TokenEndpointOptions &
  AuthorizationRequestOptions & {
    /** Where the browser comes back, as registered with the server; a function is asked for each login. */
    readonly redirectUri: string | (() => string | Promise<string>);
    /** Default: nobody can log in, so that only a refresh token gives a token. */
    readonly authorize?: Authorize;
    /** How long a login may take, in milliseconds. Default: 300,000 (five minutes). */
    readonly deadlineMs?: number;
  };

const DEADLINE_MS = 300_000;

/** What the grant takes wherever the login takes place. */
export const authorizationCodeShape: Shape<GrantOptions> = {
  ...grantShape,
  prompt: text,
  loginHint: definedText,
  acrValues: text,
  maxAgeMs: milliseconds,
  authorizationParameters: textRecord,
  pushAuthorizationRequest: flag,
  deadlineMs: positiveMilliseconds,
};

const SHAPE: Shape<AuthorizationCodeOptions> = {
  ...authorizationCodeShape,
  redirectUri: either(definedText, func),
  authorize: func,
};

/**
 * The authorization code grant (RFC 6749 §4.1) with PKCE (RFC 7636): the user logs in at the server, in a browser, and
 * this client never sees the password. State, verifier and nonce are new for every login.
 *
 * A refresh token that came with the last token is used first; the user is asked only when the server has finally
 * refused it, or when nothing but a new login can meet a demand.
 *
 * @example
 * const source = authorizationCode({ issuer, clientId, redirectUri, scope: 'openid', authorize: ({ url }) => browse(url) });
 * @throws {@link ConfigurationError} naming the option that is missing or contradictory. The source itself throws
 * {@link LoginRequiredError} without `authorize`, {@link AuthenticationError} for an answer that cannot be trusted, and
 * {@link TokenEndpointError} with `error` when the server refuses.
 */
export function authorizationCode(given: AuthorizationCodeOptions): OAuthSource {
  const options = readOptions('authorizationCode', given, SHAPE);
  assertOptions(options);
  return authorizationCodeIn(options, (_request, refusal) => givenSession(options, refusal));
}

/** A session of the user's own making. */
async function givenSession(
  { redirectUri, authorize }: AuthorizationCodeOptions,
  refusal: unknown,
): Promise<LoginSession> {
  if (authorize === undefined) {
    throw new LoginRequiredError("a user has to log in: give option 'authorize'.", {
      cause: refusal,
    });
  }
  const back = typeof redirectUri === 'function' ? await redirectUri() : redirectUri;
  return { redirectUri: checkRedirectUri(back), readsForms: false, authorize, settle: async () => undefined };
}

/**
 * The grant itself: what happens around a login, wherever that takes place.
 *
 * @throws as {@link authorizationCode} does.
 */
export function authorizationCodeIn(options: GrantOptions, open: OpenSession): OAuthSource {
  const { deadlineMs = DEADLINE_MS } = options;
  const endpoint = tokenEndpoint('authorizationCode', options, {
    validator: idTokenValidator,
    interactive: true,
    reserved: ['code', 'redirect_uri', 'code_verifier'],
  });
  const { client } = endpoint;
  assertEndpoint(options);
  assertAuthorizationParameters(options);
  assertIdTokensValidated(client.server, options);

  async function login(request: TokenRequest, refusal?: unknown): Promise<Token> {
    const session = await open(request, refusal);
    try {
      const token = await loginIn(session, request);
      await session.settle();
      return token;
    } catch (error) {
      await session.settle(error);
      throw error;
    }
  }

  async function loginIn(session: LoginSession, { signal, demand }: TokenRequest): Promise<Token> {
    for (;;) {
      const flow = newFlow(session, options, demand, await client.server.metadata(signal));
      endpoint.registerSecret('codeVerifier', flow.codeVerifier);
      const target = await authorizationUrl(client, flow, options, demand, signal);
      const { redirectUri, state, responseMode } = flow;
      const response = await session.authorize({ ...target, redirectUri, state, responseMode, signal });
      signal.throwIfAborted();
      if (response === AGAIN) continue;
      const metadata = client.server.issuer === undefined ? undefined : await client.server.metadata(signal);
      return redeem(codeOf(response, flow, metadata), flow, { signal, ...(demand && { demand }) });
    }
  }

  function redeem(code: string, flow: AuthorizationFlow, { signal, demand }: TokenRequest): Promise<Token> {
    endpoint.registerSecret('code', code);
    const { nonce, maxAgeMs } = flow;
    return endpoint.request({
      grantType: 'authorization_code',
      parameters: { code, redirect_uri: flow.redirectUri, code_verifier: flow.codeVerifier },
      idToken: { maxAgeMs, ...(nonce !== undefined && { required: true, nonce }) },
      asked: scopeUnion(options.scope, demand?.scope),
      signal,
    });
  }

  const { loginHint, acrValues, authorizationParameters } = options;
  // Without a hint nobody knows who will log in.
  const proofs = loginHint === undefined ? undefined : () => [];
  const source = {
    ...endpoint.identity([loginHint, acrValues, authorizationParameters], proofs),
    deadlineMs,
    interactive: true,
    ...refreshFirst(endpoint, login),
  };
  return oauthSource(endpoint, source);
}

function assertOptions({ redirectUri, authorize }: AuthorizationCodeOptions): void {
  if (typeof redirectUri !== 'function') checkRedirectUri(redirectUri);
  if (authorize !== undefined && typeof authorize !== 'function') {
    throw new ConfigurationError("option 'authorize' takes a function.", { option: 'authorize' });
  }
}

function assertEndpoint(options: GrantOptions): void {
  if ((options.issuer ?? options.metadataUrl ?? options.authorizationEndpoint) === undefined) {
    throw new ConfigurationError("option 'authorizationEndpoint' or 'issuer' is missing.", {
      option: 'authorizationEndpoint',
    });
  }
}

/** https, http on this machine, or a scheme of an application's own (RFC 8252 §7). It is sent as it was given. */
function checkRedirectUri(redirectUri: string): string {
  const url = URL.canParse(redirectUri) ? new URL(redirectUri) : undefined;
  if (typeof redirectUri !== 'string' || url === undefined || redirectUri.includes('#')) {
    throw new ConfigurationError("option 'redirectUri' takes an absolute URL without fragment.", {
      option: 'redirectUri',
    });
  }
  if (url.protocol === 'http:') endpointUrl(url, 'redirectUri');
  return redirectUri;
}
