import { ConfigurationError } from '../../errors.ts';
import { joinOptions, object, readOptions, type Shape, text } from '../../options.ts';
import { signAssertion } from '../assertion.ts';
import type { ServerOptions } from '../authorization-server.ts';
import { type OAuthSource, oauthSource } from '../oauth-source.ts';
import { definedText, grantShape, signingKeyOption } from '../option-shapes.ts';
import { scopeUnion } from '../scope.ts';
import { keyProofs, type SigningKeyOption, signingKey } from '../signing-key.ts';
import { type TokenEndpointOptions, type TokenRequestOptions, tokenEndpoint } from '../token-endpoint.ts';

const GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

/** A service account as Google's key files describe one. */
export interface ServiceAccount {
  /** The account's e-mail address: the `iss` of the assertion. */
  readonly client_email: string;
  /** The private key, as PEM text. */
  readonly private_key: string;
  /** The id of the key: the `kid` of the assertion. */
  readonly private_key_id?: string;
  /** The token endpoint. */
  readonly token_uri?: string;
}

interface AssertionOptions {
  /** Who the token is for: the assertion's `sub`. Default: the signer. */
  readonly subject?: string;
  /** The assertion's `aud`. Default: the issuer; the token endpoint where no issuer is given. */
  readonly assertionAudience?: string;
  /** More claims of the assertion. Default: none. */
  readonly claims?: Readonly<Record<string, unknown>>;
  /**
   * The client identifier. Default: none. The assertion is sufficient, and most servers want no client authentication
   * with it.
   */
  readonly clientId?: string;
}

interface OwnKey {
  /** The `iss` of the assertion: who signs it. */
  readonly assertionIssuer: string;
  /** The private key: PEM text (PKCS #8), a JWK or a `CryptoKey`. */
  readonly key: SigningKeyOption;
  /** The `kid` of the assertion. Default: the JWK's. */
  readonly keyId?: string;
  /** The JWS algorithm. Default: the key's own; for an RSA key in PEM `RS256`. */
  readonly algorithm?: string;
  readonly serviceAccount?: never;
}

interface ServiceAccountKey {
  /** The content of a key file; its `token_uri` is the token endpoint where no other is given. */
  readonly serviceAccount: ServiceAccount;
  readonly key?: never;
  readonly assertionIssuer?: never;
  readonly keyId?: never;
  readonly algorithm?: never;
}

type Common = Omit<TokenRequestOptions, 'clientId'> & AssertionOptions;

/** Options of {@link jwtBearer}. */
export type JwtBearerOptions =
  | (Common & ServerOptions & OwnKey)
  | (Common & (ServerOptions | { readonly issuer?: never; readonly tokenEndpoint?: never }) & ServiceAccountKey);

const SHAPE: Shape<JwtBearerOptions> = {
  ...grantShape,
  subject: definedText,
  assertionAudience: text,
  claims: object,
  assertionIssuer: definedText,
  key: signingKeyOption,
  keyId: text,
  algorithm: text,
  serviceAccount: { ...object, wanted: 'the content of a key file, parsed', defined: true },
};

/**
 * The JWT bearer grant (RFC 7523 §2.1), as service accounts use it: each token request carries a freshly signed
 * assertion that lives for a minute.
 *
 * @example
 * const source = jwtBearer({ issuer, assertionIssuer: 'robot@example.com', key: pem, scope: 'reports:read' });
 * const google = jwtBearer({ serviceAccount: JSON.parse(text), scope: 'https://www.googleapis.com/auth/drive' });
 * @throws {@link ConfigurationError} naming the option that is missing or contradictory, {@link CredentialError} for a
 * key that cannot be read.
 */
export function jwtBearer(given: JwtBearerOptions): OAuthSource {
  const options = readOptions('jwtBearer', given, SHAPE);
  const signer = signerOf(options);
  const anonymous = options.clientId === undefined;
  const settings = joinOptions(options, { clientId: options.clientId ?? signer.name, ...ownEndpoint(options) });
  const endpoint = tokenEndpoint('jwtBearer', settings as TokenEndpointOptions, { anonymous });
  const register = (text: string) => endpoint.registerSecret('key', text);
  const key = signingKey(signer.key, signer.what, register, signer);

  async function assertion(audience: string, scope: readonly string[]): Promise<string> {
    // Google reads the scope here and nowhere else.
    const inside = signer.scopeInside && scope.length > 0 ? { scope: scope.join(' ') } : {};
    const claims = { ...options.claims, ...inside };
    const { name: issuer } = signer;
    const content = { issuer, subject: options.subject ?? issuer, audience, claims };
    return signAssertion(await key(), content, endpoint.client.now());
  }

  return oauthSource(endpoint, {
    ...endpoint.identity([signer.name, options.subject, options.claims], keyProofs(signer.key, signer.what)),
    async requestToken({ signal, demand }) {
      const scope = scopeUnion(options.scope, demand?.scope);
      const { client } = endpoint;
      const metadata = await client.server.metadata(signal);
      const audience = options.assertionAudience ?? client.assertionAudience(metadata);
      const signed = await assertion(audience, scope);
      endpoint.registerSecret('assertion', signed);
      const sent = signer.scopeInside ? [] : scope;
      const token = await endpoint.request({
        grantType: GRANT_TYPE,
        parameters: { assertion: signed },
        scope: sent,
        demand,
        signal,
      });
      return token.scope === undefined && scope.length > 0 ? { ...token, scope } : token;
    },
  });
}

interface Signer {
  readonly name: string;
  readonly what: string;
  readonly key: SigningKeyOption;
  readonly keyId: string | undefined;
  readonly algorithm: string | undefined;
  readonly scopeInside: boolean;
}

function signerOf(options: JwtBearerOptions): Signer {
  const proof = (['clientSecret', 'clientAuthentication'] as const).find((name) => options[name]);
  if (proof !== undefined && options.clientId === undefined) {
    throw new ConfigurationError(`option '${proof}' proves a client: name it in option 'clientId'.`, {
      option: 'clientId',
    });
  }
  const { serviceAccount, key, assertionIssuer: name, keyId, algorithm } = options;
  if (serviceAccount === undefined) {
    const missing = key === undefined ? 'key' : 'assertionIssuer';
    if (key === undefined || typeof name !== 'string' || name === '') {
      throw new ConfigurationError(
        `option '${missing}' is missing: an assertion needs 'assertionIssuer', who signs, and 'key', or a 'serviceAccount'.`,
        { option: missing },
      );
    }
    return { name, what: 'the key', key, keyId, algorithm, scopeInside: false };
  }
  if (key !== undefined) {
    throw new ConfigurationError("option 'key' contradicts option 'serviceAccount'.", { option: 'key' });
  }
  return {
    name: accountField(serviceAccount, 'client_email'),
    what: 'the private_key of the service account',
    key: accountField(serviceAccount, 'private_key'),
    keyId: serviceAccount.private_key_id,
    algorithm: undefined,
    scopeInside: true,
  };
}

function accountField(account: ServiceAccount, name: 'client_email' | 'private_key' | 'token_uri'): string {
  const value: unknown = Object.hasOwn(account, name) ? account[name] : undefined;
  if (typeof value === 'string' && value !== '') return value;
  throw new ConfigurationError(
    `option 'serviceAccount' has no '${name}': it takes the content of a key file, parsed.`,
    { option: 'serviceAccount' },
  );
}

/** A service account knows its token endpoint, unless the user does. */
function ownEndpoint({ serviceAccount, issuer, tokenEndpoint }: JwtBearerOptions): { readonly tokenEndpoint?: string } {
  if (serviceAccount === undefined || issuer !== undefined || tokenEndpoint !== undefined) return {};
  return { tokenEndpoint: accountField(serviceAccount, 'token_uri') };
}
