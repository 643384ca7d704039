import { askSecret, givenSecret } from '../../ask-secret.ts';
import { ConfigurationError, CredentialError } from '../../errors.ts';
import { joinOptions, object, readOptions, type Shape, secretOption, text } from '../../options.ts';
import type { Secret, SecretOption } from '../../secret.ts';
import { askAgain } from '../ask-again.ts';
import { signAssertion } from '../assertion.ts';
import type { ServerOptions } from '../authorization-server.ts';
import type { OAuthClient } from '../client.ts';
import { type OAuthSource, oauthSource } from '../oauth-source.ts';
import { definedText, grantShape, signingKeyOption } from '../option-shapes.ts';
import { scopeUnion } from '../scope.ts';
import { keyProofs, type SigningKeyOption, signingKey } from '../signing-key.ts';
import {
  type TokenEndpoint,
  type TokenEndpointOptions,
  type TokenRequestOptions,
  tokenEndpoint,
} from '../token-endpoint.ts';

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

/** What the function in option `assertion` is told. */
export interface AssertionRequest {
  /** What the server expects as `aud`: `assertionAudience`; the issuer; the token endpoint where no issuer is given. */
  readonly audience: string;
  /** The scope that is asked for; empty where none is. */
  readonly scope: readonly string[];
}

/** An assertion that is made elsewhere. */
export type ExternalAssertion =
  | SecretOption
  | ((request: AssertionRequest) => string | Secret | Promise<string | Secret>);

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
  /** The private key: PEM text, a JWK or a `CryptoKey`. */
  readonly key: SigningKeyOption;
  /** Decrypts `key` where it is encrypted PEM. Default: none. */
  readonly passphrase?: SecretOption;
  /** The `kid` of the assertion. Default: the JWK's. */
  readonly keyId?: string;
  /** The JWS algorithm. Default: the key's own; for an RSA key in PEM `RS256`. */
  readonly algorithm?: string;
  readonly serviceAccount?: never;
  readonly assertion?: never;
}

interface MadeElsewhere {
  /**
   * The assertion, made elsewhere: by a key management service, another identity provider, the platform. A function is
   * called for every token request, and once more after `invalid_grant`.
   */
  readonly assertion: ExternalAssertion;
  readonly key?: never;
  readonly passphrase?: never;
  readonly assertionIssuer?: never;
  readonly keyId?: never;
  readonly algorithm?: never;
  readonly serviceAccount?: never;
}

interface ServiceAccountKey {
  /** The content of a key file; its `token_uri` is the token endpoint where no other is given. */
  readonly serviceAccount: ServiceAccount;
  readonly assertion?: never;
  readonly key?: never;
  readonly passphrase?: never;
  readonly assertionIssuer?: never;
  readonly keyId?: never;
  readonly algorithm?: never;
}

type Common = Omit<TokenRequestOptions, 'clientId'> & AssertionOptions;

/** Options of {@link jwtBearer}. */
export type JwtBearerOptions =
  | (Common & ServerOptions & (OwnKey | MadeElsewhere))
  | (Common &
      (ServerOptions | { readonly issuer?: never; readonly metadataUrl?: never; readonly tokenEndpoint?: never }) &
      ServiceAccountKey);

const SHAPE: Shape<JwtBearerOptions> = {
  ...grantShape,
  subject: definedText,
  assertionAudience: text,
  claims: object,
  assertionIssuer: definedText,
  key: signingKeyOption,
  passphrase: secretOption,
  keyId: text,
  algorithm: text,
  assertion: secretOption,
  serviceAccount: { ...object, wanted: 'the content of a key file, parsed', defined: true },
};

/**
 * The JWT bearer grant (RFC 7523 §2.1), as service accounts use it: each token request carries a freshly signed
 * assertion that lives for a minute.
 *
 * @example
 * const source = jwtBearer({ issuer, assertionIssuer: 'robot@example.com', key: pem, scope: 'reports:read' });
 * const google = jwtBearer({ serviceAccount: JSON.parse(text), scope: 'https://www.googleapis.com/auth/drive' });
 * const kms = jwtBearer({ tokenEndpoint, assertion: ({ audience }) => signWithKms({ iss, sub, aud: audience }) });
 * @throws {@link ConfigurationError} naming the option that is missing or contradictory, {@link CredentialError} for a
 * key that cannot be read and for an assertion that is empty.
 */
export function jwtBearer(given: JwtBearerOptions): OAuthSource {
  const options = readOptions('jwtBearer', given, SHAPE);
  const { name, scopeInside, identity, assert } = assertionsOf(options);
  const anonymous = options.clientId === undefined;
  const settings = joinOptions(options, { clientId: options.clientId ?? name, ...ownEndpoint(options) });
  const endpoint = tokenEndpoint('jwtBearer', settings as TokenEndpointOptions, {
    anonymous,
    reserved: ['assertion'],
  });
  const { client, registerSecret } = endpoint;
  const next = assert(client, registerSecret);

  return oauthSource(endpoint, {
    ...endpoint.identity(...identity),
    async requestToken({ signal, demand }) {
      const scope = scopeUnion(options.scope, demand?.scope);
      const metadata = await client.server.metadata(signal);
      const audience = options.assertionAudience ?? client.assertionAudience(metadata);
      const send = (assertion: string) => {
        registerSecret('assertion', assertion);
        const sent = scopeInside ? [] : scope;
        return endpoint.request({ grantType: GRANT_TYPE, parameters: { assertion }, scope: sent, demand, signal });
      };
      const ask = () => next({ audience, scope });
      const token = await (options.assertion === undefined ? send(await ask()) : askAgain('invalid_grant', ask, send));
      return token.scope === undefined && scope.length > 0 ? { ...token, scope } : token;
    },
  });
}

/** Where assertions come from. */
interface Assertions {
  /** Who is at the server where no client is named. */
  readonly name: string;
  /** Google reads the scope in the assertion and nowhere else. */
  readonly scopeInside: boolean;
  readonly identity: Parameters<TokenEndpoint['identity']>;
  /** Makes them, once the client is there. */
  assert(
    client: OAuthClient,
    register: TokenEndpoint['registerSecret'],
  ): (request: AssertionRequest) => string | Promise<string>;
}

function assertionsOf(options: JwtBearerOptions): Assertions {
  assertClientNamed(options);
  if (options.assertion !== undefined) return madeElsewhere(options, options.assertion);
  const signer = signerOf(options);
  const { name: issuer, scopeInside, what } = signer;
  return {
    name: issuer,
    scopeInside,
    identity: [[issuer, options.subject, options.claims], keyProofs(signer.key, what)],
    assert(client, register) {
      const key = signingKey(signer.key, what, register, signer);
      return async ({ audience, scope }) => {
        const claims = { ...options.claims, ...(scopeInside && scope.length > 0 && { scope: scope.join(' ') }) };
        const content = { issuer, subject: options.subject ?? issuer, audience, claims };
        return signAssertion(await key(), content, client.now());
      };
    },
  };
}

/** What a function gives may be somebody else's each time. */
function madeElsewhere(options: JwtBearerOptions, assertion: ExternalAssertion): Assertions {
  const ours = (['key', 'assertionIssuer', 'serviceAccount', 'subject', 'claims'] as const).find((one) => options[one]);
  if (ours !== undefined) {
    throw new ConfigurationError(`option '${ours}' contradicts option 'assertion', which is made elsewhere.`, {
      option: ours,
    });
  }
  const what = 'the assertion';
  const given = givenSecret(assertion as SecretOption, what, assertFilled);
  return {
    name: what,
    scopeInside: false,
    identity: [undefined, given === undefined ? undefined : () => [given]],
    assert: (_client, register) => {
      register('assertion', given);
      return (request) =>
        askSecret(typeof assertion === 'function' ? () => assertion(request) : assertion, what, assertFilled);
    },
  };
}

function assertFilled(value: string, what: string): void {
  if (value.trim() === '') throw new CredentialError(`${what} is empty.`);
}

interface Signer {
  readonly name: string;
  readonly what: string;
  readonly key: SigningKeyOption;
  readonly passphrase: SecretOption | undefined;
  readonly keyId: string | undefined;
  readonly algorithm: string | undefined;
  readonly scopeInside: boolean;
}

function assertClientNamed(options: JwtBearerOptions): void {
  const proof = (['clientSecret', 'clientAuthentication'] as const).find((name) => options[name]);
  if (proof === undefined || options.clientId !== undefined) return;
  throw new ConfigurationError(`option '${proof}' proves a client: name it in option 'clientId'.`, {
    option: 'clientId',
  });
}

function signerOf(options: JwtBearerOptions): Signer {
  const { serviceAccount, key, passphrase, assertionIssuer: name, keyId, algorithm } = options;
  if (serviceAccount === undefined) {
    const missing = key === undefined ? 'key' : 'assertionIssuer';
    if (key === undefined || typeof name !== 'string' || name === '') {
      throw new ConfigurationError(
        `option '${missing}' is missing: an assertion needs 'assertionIssuer', who signs, and 'key'; or a 'serviceAccount'; or an 'assertion'.`,
        { option: missing },
      );
    }
    return { name, what: 'the key', key, passphrase, keyId, algorithm, scopeInside: false };
  }
  if (key !== undefined) {
    throw new ConfigurationError("option 'key' contradicts option 'serviceAccount'.", { option: 'key' });
  }
  return {
    name: accountField(serviceAccount, 'client_email'),
    what: 'the private_key of the service account',
    key: accountField(serviceAccount, 'private_key'),
    passphrase: undefined,
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
function ownEndpoint({ serviceAccount, issuer, metadataUrl, tokenEndpoint }: JwtBearerOptions): {
  readonly tokenEndpoint?: string;
} {
  if (serviceAccount === undefined || (issuer ?? metadataUrl ?? tokenEndpoint) !== undefined) return {};
  return { tokenEndpoint: accountField(serviceAccount, 'token_uri') };
}
