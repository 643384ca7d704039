/**
 * Logs in to OpenStack's Keystone (Identity API v3) and keeps the service catalogue that comes with the token.
 */

import { askSecret, givenSecret } from '../ask-secret.ts';
import { assertHeaderValue } from '../header-value.ts';
import { ownProperty } from '../key-path.ts';
import { callEndpoint } from '../oauth/call-endpoint.ts';
import { readExpiry } from '../oauth/expiry.ts';
import { callShape } from '../oauth/option-shapes.ts';
import { secretRegistrar } from '../oauth/registered-secrets.ts';
import { storeKey } from '../oauth/store-key.ts';
import { malformed, type TokenResponse } from '../oauth/token-response.ts';
import { either, flag, func, oneOf, pickOptions, type Shape, secretOption, text, texts, urlLike } from '../options.ts';
import type { SecretOption } from '../secret.ts';
import { outliveFor } from '../tokens/outlive.ts';
import type { Token, TokenSource } from '../tokens/token.ts';
import { readAnswer } from './answer.ts';
import { type Catalog, readCatalog } from './catalog.ts';
import { type IdentityOptions, identity } from './identity.ts';
import { type IdentityApiOptions, identityApi } from './identity-api.ts';
import { refuse } from './options.ts';
import { RECEIPT_HEADER, receiptError } from './receipt.ts';
import { type ScopeOptions, scopeOptions, scopeRequest } from './scope.ts';
import { ServiceCatalog, type ServiceCatalogOptions } from './service-catalog.ts';

/** A login at Keystone: where, as whom, and for what. */
export interface KeystoneLoginOptions
  extends IdentityApiOptions,
    IdentityOptions,
    ScopeOptions,
    Omit<ServiceCatalogOptions, 'allowInsecureRequests'> {
  /** The receipt of a {@link MultiFactorRequiredError}, valid for minutes only. Default: none. */
  readonly receipt?: SecretOption;
}

/** A source of Keystone's tokens, and of the catalogue that each of them has. */
export interface KeystoneLogin extends TokenSource {
  /** Where Keystone is. */
  readonly authUrl: URL;
  readonly services: ServiceCatalog;
  /**
   * The service catalogue of a token: the one it came with, else Keystone is asked, as for a token out of a store.
   *
   * @throws {@link TokenEndpointError}, with the status 401 or 404 when the token is no good any more.
   */
  catalog(token: Token, signal: AbortSignal): Promise<Catalog>;
}

/** The kinds of these options, for the authenticator that reads them all. */
export const keystoneShape: Shape<KeystoneLoginOptions> = {
  ...callShape,
  authUrl: urlLike,
  allowInsecureRequests: flag,
  userId: text,
  username: text,
  userDomainId: text,
  userDomainName: text,
  password: secretOption,
  passcode: secretOption,
  token: secretOption,
  applicationCredentialId: text,
  applicationCredentialName: text,
  applicationCredentialSecret: secretOption,
  projectId: text,
  projectName: text,
  projectDomainId: text,
  projectDomainName: text,
  domainId: text,
  domainName: text,
  systemScope: oneOf('all'),
  trustId: text,
  unscoped: flag,
  allowEndpoints: either(texts, func),
  receipt: secretOption,
};

const JSON_HEADERS = { accept: 'application/json', 'content-type': 'application/json' };

/**
 * Checks the options before any I/O.
 *
 * @throws {@link ConfigurationError} naming the option, {@link CredentialError} for a secret that cannot be sent.
 */
export function keystoneLogin(given: KeystoneLoginOptions): KeystoneLogin {
  const options = pickOptions('AuthOpenStack', given, keystoneShape);
  const api = identityApi(options);
  const registerSecret = secretRegistrar();
  const who = identity(options, registerSecret);
  const scope = scopeRequest(options);
  const [scopeOption] = scopeOptions(options);
  if (who.isApplicationCredential && scopeOption !== undefined) {
    refuse(scopeOption, 'must not be given with an application credential: its project is its scope. Leave it out.');
  }
  const services = new ServiceCatalog(options);
  const { receipt } = options;
  if (receipt !== undefined) registerSecret('receipt', givenSecret(receipt, 'the receipt', assertHeaderValue));

  async function headers(): Promise<Record<string, string>> {
    if (receipt === undefined) return JSON_HEADERS;
    const value = await askSecret(receipt, 'the receipt', assertHeaderValue);
    registerSecret('receipt', value);
    return { ...JSON_HEADERS, [RECEIPT_HEADER]: value };
  }

  async function logIn(signal: AbortSignal): Promise<Token> {
    const body = JSON.stringify({ auth: { identity: await who.request(), ...(scope !== undefined && { scope }) } });
    const init = { method: 'POST', redirect: 'manual', headers: await headers(), body, signal } as const;
    const url = await api.url('auth/tokens', signal);
    const response = await callEndpoint(url, signal, (fetchWith) => fetchWith(url, init), options);
    const missing = receiptError(response, registerSecret);
    if (missing !== undefined) throw missing;
    const { token, catalog } = readToken(response);
    services.learn(token.accessToken, catalog);
    return token;
  }

  return {
    authUrl: api.authUrl,
    services,
    identity: {
      parameters: storeKey('keystone', api.authUrl.href, who.subject, JSON.stringify(scope)),
      proofs: who.proofs,
    },
    requestToken: (request) => outliveFor(request, () => logIn(request.signal), options.now),
    async catalog({ accessToken }, signal) {
      const known = services.of(accessToken);
      if (known !== undefined) return known;
      // A token may look at itself, whatever its scope. `auth/catalog` is for projects only.
      const headers = { accept: 'application/json', 'x-auth-token': accessToken, 'x-subject-token': accessToken };
      const url = await api.url('auth/tokens', signal);
      const send = (fetchWith: typeof fetch) => fetchWith(url, { redirect: 'manual', headers, signal });
      const response = await callEndpoint(url, signal, send, options);
      const body = readAnswer({ ...response, wanted: 'service catalogue' });
      return services.learn(accessToken, readCatalog(ownProperty(ownProperty(body, 'token'), 'catalog')));
    },
  };
}

/** The token stands in a header, all about it in the body. */
function readToken(response: TokenResponse): { readonly token: Token; readonly catalog: Catalog } {
  const about = ownProperty(readAnswer(response), 'token');
  if (typeof about !== 'object' || about === null) throw malformed(response, "the answer has no 'token'");
  const accessToken = response.headers.get('x-subject-token') ?? '';
  if (accessToken === '') throw malformed(response, 'the answer has no header X-Subject-Token');
  if (!/^[\x21-\x7e]+$/.test(accessToken)) {
    throw malformed(response, 'its X-Subject-Token is not one piece of printable ASCII text');
  }
  const expiresAt = readExpiry(ownProperty(about, 'expires_at'), 'expires_at', response.receivedAt);
  const token = { accessToken, tokenType: 'Keystone', ...(expiresAt !== undefined && { expiresAt }) };
  return { token, catalog: readCatalog(ownProperty(about, 'catalog')) };
}
