/**
 * The kinds of the options that grants have in common.
 */

import { isHeaderName, isHeaderValue } from '../header-value.ts';
import { ownProperty } from '../key-path.ts';
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
import { ENDPOINTS, type ServerOptions } from './authorization-server.ts';
import { BASIC_ENCODINGS } from './basic-credentials.ts';
import type { EndpointCallOptions } from './call-endpoint.ts';
import type { OAuthClientOptions } from './client.ts';
import type { TokenRequestOptions } from './token-endpoint.ts';
import { PLACES, type TokenResponseOptions } from './token-response.ts';

/** An object that can do something, whichever copy of its class made it. */
function able(method: string, wanted: string): Kind {
  return {
    wanted,
    test: (value) => object.test(value) && typeof (value as Record<string, unknown>)[method] === 'function',
  };
}

/** A private key. */
export const signingKeyOption: Kind = {
  wanted: 'PEM text, a JWK, a CryptoKey, or a function that returns text',
  test: (value) => secretOption.test(value) || object.test(value),
  defined: true,
};

/** A token for another grant. */
export const tokenOption: Kind = {
  ...either(secretOption, able('requestToken', 'a grant'), able('get', 'the tokens of an authenticator')),
  defined: true,
};

/** Options of one kind. */
function allOf<Name extends string>(names: readonly Name[], kind: Kind): Record<Name, Kind> {
  return Object.fromEntries(names.map((name) => [name, kind])) as Record<Name, Kind>;
}

/** A client identifier or a name: the variable that it comes from must be set. */
export const definedText: Kind = { ...text, defined: true };

export const callShape: Shape<EndpointCallOptions> = { fetch: func, now: func };

const place: Kind = {
  wanted: "a path, a list of names, { header } or { body: 'text' }",
  test: (value) =>
    texts.test(value) ||
    ownProperty(value, 'body') === 'text' ||
    isHeaderName((ownProperty(value, 'header') ?? '') as string),
};

export const responseShape: Shape<TokenResponseOptions> = {
  ...allOf(PLACES, place),
  expiresInUnit: oneOf('seconds', 'milliseconds'),
  scopeSeparator: text,
  tokenTypes: texts,
  expiry: oneOf('dynamic', 'static'),
  ttlMs: positiveMilliseconds,
};

const serverShape: Shape<ServerOptions> = {
  issuer: text,
  metadataUrl: urlLike,
  jwksUri: urlLike,
  idTokenIssuer: either(text, func),
  ...allOf(ENDPOINTS, urlLike),
};

const headerRecord: Kind = {
  wanted: 'headers: an object whose values are text',
  test: (value) =>
    textRecord.test(value) &&
    Object.entries(value as object).every(([name, one]) => isHeaderName(name) && isHeaderValue(one)),
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
