/**
 * The kinds of the options that grants have in common.
 */

import {
  either,
  flag,
  func,
  type Kind,
  object,
  oneOf,
  positiveMilliseconds,
  type Shape,
  secretOption,
  text,
  textRecord,
  texts,
  urlLike,
} from '../options.ts';
import { ENDPOINTS, type EndpointOption, type ServerOptions } from './authorization-server.ts';
import { BASIC_ENCODINGS } from './basic-credentials.ts';
import type { EndpointCallOptions } from './call-endpoint.ts';
import type { OAuthClientOptions } from './client.ts';
import type { TokenRequestOptions } from './token-endpoint.ts';
import type { TokenResponseOptions } from './token-response.ts';

/** An object that can do something, whichever copy of its class made it. */
function able(method: string, wanted: string): Kind {
  return {
    wanted,
    test: (value) => object.test(value) && typeof (value as Record<string, unknown>)[method] === 'function',
  };
}

/** A private key. */
export const signingKeyOption: Kind = {
  wanted: 'PEM text (PKCS #8), a JWK, a CryptoKey, or a function that returns text',
  test: (value) => secretOption.test(value) || object.test(value),
  defined: true,
};

/** A token for another grant. */
export const tokenOption: Kind = {
  ...either(secretOption, able('requestToken', 'a grant'), able('get', 'the tokens of an authenticator')),
  defined: true,
};

/** A client identifier or a name: the variable that it comes from must be set. */
export const definedText: Kind = { ...text, defined: true };

export const callShape: Shape<EndpointCallOptions> = { fetch: func, now: func };

export const responseShape: Shape<TokenResponseOptions> = {
  tokenKey: texts,
  expiresInKey: texts,
  refreshTokenKey: texts,
  scopeKey: texts,
  scopeSeparator: text,
  tokenTypes: texts,
  expiry: oneOf('dynamic', 'static'),
  ttlMs: positiveMilliseconds,
};

const serverShape: Shape<ServerOptions> = {
  issuer: text,
  ...(Object.fromEntries(ENDPOINTS.map((option) => [option, urlLike])) as Record<EndpointOption, Kind>),
};

const headerRecord: Kind = {
  wanted: 'an object of headers, whose values are text',
  test(value) {
    try {
      return textRecord.test(value) && new Headers(value as Record<string, string>) !== undefined;
    } catch {
      return false;
    }
  },
};

const clientShape: Shape<OAuthClientOptions> = {
  ...callShape,
  clientId: definedText,
  clientSecret: secretOption,
  clientAuthentication: either(text, able('authenticate', 'a method such as privateKeyJwt({ key })')),
  basicEncoding: oneOf(...BASIC_ENCODINGS),
  allowInsecureRequests: flag,
  headers: headerRecord,
  encodeBody: func,
  wait: func,
};

/** What every grant takes. */
export const grantShape: Shape<TokenRequestOptions & ServerOptions> = {
  ...serverShape,
  ...clientShape,
  ...responseShape,
  scope: texts,
  audience: texts,
  resource: texts,
  parameters: textRecord,
  refreshParameters: textRecord,
  dpop: able('request', 'a Dpop, as in dpop: new Dpop()'),
};
