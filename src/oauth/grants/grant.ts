import { askSecret, givenSecret } from '../../ask-secret.ts';
import { ConfigurationError, CredentialError } from '../../errors.ts';
import { either, func, joinOptions, type Kind, object, readOptions, type Shape, secretOption } from '../../options.ts';
import type { SecretOption } from '../../secret.ts';
import type { Token, TokenRequest } from '../../tokens/token.ts';
import { askAgain } from '../ask-again.ts';
import type { ServerOptions } from '../authorization-server.ts';
import { idTokenValidator } from '../id-token.ts';
import { type OAuthSource, oauthSource } from '../oauth-source.ts';
import { definedText, grantShape } from '../option-shapes.ts';
import { refreshFirst } from '../refresh-first.ts';
import { scopeUnion } from '../scope.ts';
import { ownParameters, type TokenRequestOptions, tokenEndpoint } from '../token-endpoint.ts';

/** The parameters of one token request, by name. */
export type GrantParameters = Readonly<Record<string, SecretOption>>;

/** Options of {@link grant}. */
export type GrantOptions = Omit<TokenRequestOptions, 'parameters'> &
  ServerOptions & {
    /** The `grant_type`. */
    readonly grantType: string;
    /**
     * The parameters of the grant; `scope`, `audience` and `resource` have options of their own. A function, and each value
     * that is one, is called for every token request, and once more after `invalid_grant`. Default: none.
     */
    readonly parameters?: GrantParameters | (() => GrantParameters | Promise<GrantParameters>);
  };

/** What the grant and its client set themselves. */
const RESERVED = ['grant_type', 'client_id', 'client_secret', 'client_assertion', 'client_assertion_type'];

const ownParametersOption: Kind = {
  ...either(object, func),
  wanted: 'an object whose values are text, secrets or functions, or a function that returns one',
};

const SHAPE: Shape<GrantOptions> = {
  ...grantShape,
  grantType: definedText,
  parameters: ownParametersOption,
};

/**
 * A grant that authwire has no function for (RFC 6749 §4.5), with all that the others have: client authentication, DPoP,
 * retries, typed errors, the key for a shared store. A refresh token that came with the last token is used first.
 *
 * @example
 * const zoom = grant({ tokenEndpoint, clientId, clientSecret, grantType: 'account_credentials', parameters: { account_id } });
 * @throws {@link ConfigurationError} naming the option that is missing or contradictory, {@link CredentialError} for a
 * parameter that is empty or no text. The source itself throws {@link TokenEndpointError} when the server refuses.
 */
export function grant(given: GrantOptions): OAuthSource {
  const { parameters = {}, grantType, ...options } = readOptions('grant', given, SHAPE) as GrantOptions;
  if (grantType === undefined || grantType === '') {
    throw new ConfigurationError("option 'grantType' takes the grant_type of the token request.", {
      option: 'grantType',
    });
  }
  const settings = joinOptions({}, options) as Omit<TokenRequestOptions, 'parameters'> & ServerOptions;
  const endpoint = tokenEndpoint('grant', settings, { validator: idTokenValidator });
  const fixed = typeof parameters === 'function' ? undefined : givenParameters(parameters);
  for (const [name, text] of Object.entries(fixed ?? {})) endpoint.registerSecret(`parameters.${name}`, text);

  async function ask(): Promise<Record<string, string>> {
    const all = typeof parameters === 'function' ? await called(parameters) : parameters;
    givenParameters(all);
    const texts: Record<string, string> = {};
    for (const [name, option] of Object.entries(all)) {
      texts[name] = await askSecret(option, `parameter '${name}'`, assertFilled);
      endpoint.registerSecret(`parameters.${name}`, texts[name]);
    }
    return texts;
  }

  function login({ signal, demand }: TokenRequest): Promise<Token> {
    const scope = scopeUnion(options.scope, demand?.scope);
    return askAgain('invalid_grant', ask, (texts) =>
      endpoint.request({ grantType, parameters: texts, scope, demand, idToken: {}, signal }),
    );
  }

  // What a function gives may be somebody else's each time.
  const known = fixed !== undefined && Object.keys(fixed).length === Object.keys(parameters).length ? fixed : undefined;
  const proofs = known && (async () => [...Object.values(known), ...((await endpoint.client.proofs?.()) ?? [])]);
  return oauthSource(endpoint, {
    ...endpoint.identity(
      [grantType, Object.keys(known ?? {})],
      endpoint.client.proofs === undefined ? undefined : proofs,
    ),
    ...refreshFirst(endpoint, login),
  });
}

async function called(parameters: () => GrantParameters | Promise<GrantParameters>): Promise<GrantParameters> {
  try {
    return await parameters();
  } catch (cause) {
    throw new CredentialError("the function in option 'parameters' failed.", { cause });
  }
}

/** The parameters that are no functions, checked. */
function givenParameters(parameters: GrantParameters): Record<string, string> {
  if (!object.test(parameters)) throw new CredentialError("the function in option 'parameters' returned no object.");
  ownParameters(Object.fromEntries(Object.keys(parameters).map((name) => [name, ''])), 'parameters', RESERVED);
  const texts: Record<string, string> = {};
  for (const [name, option] of Object.entries(parameters)) {
    if (!secretOption.test(option)) {
      throw new ConfigurationError(`option 'parameters': '${name}' must be ${secretOption.wanted}.`, {
        option: 'parameters',
      });
    }
    const text = givenSecret(option, `parameter '${name}'`, assertFilled);
    if (text !== undefined) texts[name] = text;
  }
  return texts;
}

/** Assertions may have lines; a form can carry them. */
function assertFilled(value: string, what: string): void {
  if (value === '') throw new CredentialError(`${what} is empty.`);
}
