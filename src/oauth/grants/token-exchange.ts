import { ConfigurationError, TokenEndpointError } from '../../errors.ts';
import { ownProperty } from '../../key-path.ts';
import { flag, joinOptions, readOptions, type Shape, text } from '../../options.ts';
import { outliveFor } from '../../tokens/outlive.ts';
import type { Token, TokenRequest } from '../../tokens/token.ts';
import { joinProofs } from '../identity.ts';
import { type OAuthSource, oauthSource } from '../oauth-source.ts';
import { onBehalfOf, type Subject } from '../on-behalf-of.ts';
import { grantShape, tokenOption } from '../option-shapes.ts';
import { scopeUnion } from '../scope.ts';
import { type TokenEndpointOptions, tokenEndpoint } from '../token-endpoint.ts';
import { type TokenOption, tokenSupply } from '../token-option.ts';
import { type CheckAnswer, malformed } from '../token-response.ts';

const GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:token-exchange';

/** RFC 8693 §3: an access token, whatever it looks like. */
const ACCESS_TOKEN_TYPE = 'urn:ietf:params:oauth:token-type:access_token';
const JWT_TYPE = 'urn:ietf:params:oauth:token-type:jwt';

/** The response to a request for an access token may name the token's format instead. */
function issuedAs(wanted = ACCESS_TOKEN_TYPE): CheckAnswer {
  return (body, response) => {
    const type = ownProperty(body, 'issued_token_type');
    if (type === wanted || (type === JWT_TYPE && wanted === ACCESS_TOKEN_TYPE)) return;
    throw malformed(response, `its 'issued_token_type' is not ${wanted}`);
  };
}

const PARAMETERS = ['subject_token', 'subject_token_type', 'actor_token', 'actor_token_type', 'requested_token_type'];

/** Options of {@link tokenExchange}. */
export type TokenExchangeOptions = TokenEndpointOptions & {
  /**
   * Whom the new token is for: a token as text, a grant, or the `tokens` of an authenticator. A function is asked for every
   * request, in the request's own context, and its answer decides whose token the request carries: one is kept for each of
   * the last 1,000 answers, not longer than the answer lives itself where it is a JWT.
   */
  readonly subjectToken: TokenOption;
  /** The type of `subjectToken` (RFC 8693 §3). Default: `urn:ietf:params:oauth:token-type:access_token`. */
  readonly subjectTokenType?: string;
  /**
   * The token of the party that acts for the subject. With it the server delegates, without it the client impersonates
   * (RFC 8693 §1.1). Default: none.
   */
  readonly actorToken?: TokenOption;
  /** The type of `actorToken` (RFC 8693 §3). Default: `urn:ietf:params:oauth:token-type:access_token`. */
  readonly actorTokenType?: string;
  /** What must come. Default: an access token, without asking for it by name. */
  readonly requestedTokenType?: string;
  /**
   * `false`: the answer need not say in `issued_token_type` what came, which RFC 8693 §2.2.1 requires and some servers leave
   * out. Default: `true`.
   */
  readonly checkIssuedTokenType?: boolean;
};

const SHAPE: Shape<TokenExchangeOptions> = {
  ...grantShape,
  subjectToken: tokenOption,
  subjectTokenType: text,
  actorToken: tokenOption,
  actorTokenType: text,
  requestedTokenType: text,
  checkIssuedTokenType: flag,
};

/**
 * Token exchange (RFC 8693): a token for somebody becomes one for somewhere else. What comes must be of the type that
 * was asked for. A subject or actor token that is no longer accepted is renewed once, if its source can.
 *
 * @example
 * const source = tokenExchange({ issuer, clientId, clientSecret, subjectToken: login.tokens, audience: 'billing' });
 * const auth = new AuthOAuth2(source);
 * @throws {@link ConfigurationError} naming the option that is missing or contradictory, {@link CredentialError} for a
 * token that cannot be sent.
 */
export function tokenExchange(given: TokenExchangeOptions): OAuthSource {
  const options = readOptions('tokenExchange', given, SHAPE);
  const { requestedTokenType, subjectTokenType = ACCESS_TOKEN_TYPE, actorTokenType = ACCESS_TOKEN_TYPE } = options;
  assertOptions(options);
  // RFC 8693 §2.2.1: the type of what is no access token; how to present it the format says.
  const noType = (requestedTokenType ?? ACCESS_TOKEN_TYPE) === ACCESS_TOKEN_TYPE ? [] : ['N_A'];
  const tokenTypes = [options.tokenTypes ?? [], noType].flat();
  const endpoint = tokenEndpoint('tokenExchange', joinOptions(options, { tokenTypes }), {
    reserved: PARAMETERS,
  });
  const register = (key: string) => (text: string) => endpoint.registerSecret(key, text);
  const subject = tokenSupply(options.subjectToken, 'the subject token', register('subjectToken'));
  const { actorToken } = options;
  const actor =
    actorToken === undefined ? undefined : tokenSupply(actorToken, 'the actor token', register('actorToken'));

  function exchange(subjectToken: string, actorToken: string | undefined, { signal, demand }: TokenRequest) {
    const parameters = {
      subject_token: subjectToken,
      subject_token_type: subjectTokenType,
      ...(actorToken !== undefined && { actor_token: actorToken, actor_token_type: actorTokenType }),
      ...(requestedTokenType !== undefined && { requested_token_type: requestedTokenType }),
    };
    const scope = scopeUnion(options.scope, demand?.scope);
    const check = options.checkIssuedTokenType === false ? undefined : issuedAs(requestedTokenType);
    return endpoint.request({ grantType: GRANT_TYPE, parameters, scope, demand, ...(check && { check }), signal });
  }

  const ask = async () => ({ subjectToken: await subject.get(), actorToken: await actor?.get() });
  const sourceFor = ({ subjectToken, actorToken }: Subject) => ({
    requestToken: (request: TokenRequest) =>
      outliveFor(request, () => exchange(subjectToken, actorToken, request), options.now),
  });
  return oauthSource(endpoint, {
    ...endpoint.identity(
      [subject.identity?.parameters, actor?.identity?.parameters, subjectTokenType, actorTokenType, requestedTokenType],
      joinProofs(subject.identity?.proofs, actor === undefined ? () => [] : actor.identity?.proofs),
    ),
    ...(typeof options.subjectToken === 'function' && { perRequest: onBehalfOf(ask, sourceFor, options.now) }),
    async requestToken(request): Promise<Token> {
      const [subjectToken, actorToken] = await Promise.all([subject.get(), actor?.get()]);
      try {
        return await exchange(subjectToken, actorToken, request);
      } catch (error) {
        if (!isTokenRefused(error)) throw error;
        const newer = await Promise.all([subject.renew(subjectToken), actorToken && actor?.renew(actorToken)]);
        if (newer[0] === subjectToken && newer[1] === actorToken) throw error;
        return exchange(newer[0], newer[1], request);
      }
    },
  });
}

/** RFC 8693 §2.2.2 says `invalid_request` for a bad subject or actor token; some servers say `invalid_grant`. */
function isTokenRefused(error: unknown): boolean {
  const refusals: unknown[] = ['invalid_request', 'invalid_grant', 'invalid_token'];
  return error instanceof TokenEndpointError && refusals.includes(error.error);
}

function assertOptions({ subjectToken, actorToken, actorTokenType }: TokenExchangeOptions): void {
  if (subjectToken === undefined) {
    throw new ConfigurationError("option 'subjectToken' takes the token to exchange.", { option: 'subjectToken' });
  }
  if (actorTokenType === undefined || actorToken !== undefined) return;
  throw new ConfigurationError("option 'actorTokenType' says what 'actorToken' is, which is missing.", {
    option: 'actorToken',
  });
}
