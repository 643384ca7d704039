/**
 * ID tokens (OpenID Connect Core §3.1.3.7 and §12.2): validated before anybody sees what they claim.
 */

import { createRemoteJWKSet, customFetch, errors, jwtVerify } from 'jose';
import {
  AuthenticationError,
  ConfigurationError,
  CredentialError,
  isAuthError,
  TokenEndpointError,
} from '../errors.ts';
import { jwtClaims } from '../jwt-claims.ts';
import { joinOptions } from '../options.ts';
import { printable } from '../secrets/printable.ts';
import { outlive } from '../tokens/outlive.ts';
import type { AuthorizationServer, IdTokenOptions } from './authorization-server.ts';
import { callEndpoint } from './call-endpoint.ts';
import type { OAuthClientOptions } from './client.ts';
import type { ServerMetadata } from './discovery.ts';
import { endpointUrl } from './endpoint-url.ts';
import { scopeList } from './scope.ts';
import { failure } from './token-response.ts';
import { untilAborted } from './until-aborted.ts';

/** The claims of an ID token (OpenID Connect Core §2). */
export interface IdTokenClaims {
  /** The issuer. */
  readonly iss?: string;
  /** The user, unique at the issuer. */
  readonly sub?: string;
  /** The clients that the token is for. */
  readonly aud?: string | string[];
  /** The id of the token (RFC 7519 §4.1.7). */
  readonly jti?: string;
  /** Not valid before, in seconds since the epoch. */
  readonly nbf?: number;
  /** When the token expires, in seconds since the epoch. */
  readonly exp?: number;
  /** When the token was issued, in seconds since the epoch. */
  readonly iat?: number;
  readonly [claim: string]: unknown;
}

/** What one ID token must say, beside whose it is and for whom. */
export interface IdTokenExpectation {
  /** One must come. */
  readonly required?: boolean;
  /** The nonce of the authorization request. */
  readonly nonce?: string;
  /** The ID token before it: the user must be the same one. */
  readonly previous?: string | undefined;
  /** How long ago the login may have been, in milliseconds. */
  readonly maxAgeMs?: number | undefined;
}

/** Validates the ID tokens of one client at one issuer. */
export interface IdTokenValidator {
  /**
   * @returns `false` for one that need not come and cannot be checked, because the server's keys are out of reach: a
   * token that has just been refreshed is not lost for that.
   * @throws {@link AuthenticationError} when the ID token is missing although required, or not what is expected.
   */
  check(idToken: string | undefined, expected: IdTokenExpectation | undefined, signal?: AbortSignal): Promise<boolean>;
  /** What an ID token claims that was checked before. */
  claims(idToken: string): IdTokenClaims | undefined;
}

/** Signatures that a server alone can make: no `none`, and none with a secret that the client has as well. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'].concat([
  'ES256',
  'ES384',
  'ES512',
  'Ed25519',
  'EdDSA',
]);
/** How far our clock and the server's may be apart, in seconds. */
const TOLERANCE_S = 30;

/** `undefined` where no issuer was given: nothing says whose signature counts. */
export function idTokenValidator(
  server: AuthorizationServer,
  options: Pick<OAuthClientOptions, 'clientId' | 'now' | 'fetch' | 'allowInsecureRequests'> & IdTokenOptions,
): IdTokenValidator | undefined {
  if (!isIssuerKnown(server, options)) return undefined;
  const keysOf = keySets(server, options);
  return {
    claims: jwtClaims,
    async check(idToken, expected, signal) {
      if (expected === undefined) return true;
      if (idToken === undefined) {
        if (expected.required === true) throw invalid('the server sent none, although scope openid was asked for');
        return true;
      }
      const metadata = await server.metadata(signal);
      try {
        const { required, nonce, maxAgeMs } = expected;
        const isLogin = required === true || nonce !== undefined || maxAgeMs !== undefined;
        // Endpoints announce nothing: the keys decide.
        const announced = server.issuer === undefined ? ALGORITHMS : metadata.id_token_signing_alg_values_supported;
        const verification = { announced, isLogin };
        const verified = verify(idToken, keysOf(metadata), joinOptions(options, verification));
        const claims = await untilAborted(verified, signal, "The issuer's keys");
        await checkIssuer(claims, options.idTokenIssuer ?? metadata.issuer);
        checkClaims(claims, expected, options);
        return true;
      } catch (error) {
        if (expected.required === true || !(error instanceof TokenEndpointError)) throw error;
        return false;
      }
    },
  };
}

/**
 * An ID token that nobody can validate must not be asked for.
 *
 * @throws {@link ConfigurationError} when scope `openid` is asked of a server whose issuer is not known.
 */
export function assertIdTokensValidated(
  server: AuthorizationServer,
  options: { readonly scope?: string | readonly string[] } & IdTokenOptions,
): void {
  if (isIssuerKnown(server, options) || !scopeList(options.scope).includes('openid')) return;
  throw new ConfigurationError(
    "scope openid needs option 'issuer' instead of endpoints, to validate ID tokens with the issuer's keys; " +
      "or also 'jwksUri' and 'idTokenIssuer'.",
    { option: 'issuer' },
  );
}

function isIssuerKnown({ issuer }: AuthorizationServer, { jwksUri, idTokenIssuer }: IdTokenOptions): boolean {
  return issuer !== undefined || (jwksUri !== undefined && idTokenIssuer !== undefined);
}

/** What may replace `{tenantid}`. */
const TENANT = /^[\w-]{1,100}$/;

/** Once the signature is known to be good: who signed is who was expected, letter by letter (OpenID Connect Core §3.1.3.7). */
async function checkIssuer(
  { iss, ...claims }: IdTokenClaims,
  expected: IdTokenOptions['idTokenIssuer'],
): Promise<void> {
  if (typeof iss === 'string' && typeof expected === 'function') {
    if ((await trusted(() => expected(iss, { iss, ...claims }))) === true) return;
  } else if (typeof iss === 'string' && typeof expected === 'string') {
    const { tid } = claims;
    const tenant = typeof tid === 'string' && TENANT.test(tid) ? tid : undefined;
    if (iss === (tenant === undefined ? expected : expected.replaceAll('{tenantid}', tenant))) return;
  }
  throw invalid("it is not from the expected issuer (iss; option 'idTokenIssuer')");
}

async function trusted(ask: () => boolean | Promise<boolean>): Promise<boolean> {
  try {
    return await ask();
  } catch (cause) {
    if (isAuthError(cause)) throw cause;
    throw new CredentialError("the function in option 'idTokenIssuer' failed.", { cause });
  }
}

/** How long the keys may take, in milliseconds. */
const KEYS_DEADLINE_MS = 10_000;

type KeySet = ReturnType<typeof createRemoteJWKSet>;

/** The server's keys: asked for when a signature is to be checked, kept by jose, read like every other answer. */
function keySets(
  server: AuthorizationServer,
  options: Pick<OAuthClientOptions, 'fetch' | 'now' | 'allowInsecureRequests'> & IdTokenOptions,
): (metadata: ServerMetadata) => KeySet {
  const known = new Map<string, KeySet>();
  const { jwksUri, allowInsecureRequests } = options;
  const given = jwksUri && endpointUrl(jwksUri, 'jwksUri', allowInsecureRequests);
  return (metadata) => {
    const url = given || server.keys(metadata);
    const keys =
      known.get(url.href) ??
      createRemoteJWKSet(url, { timeoutDuration: KEYS_DEADLINE_MS, [customFetch]: boundedFetch(url, options) });
    known.set(url.href, keys);
    return keys;
  };
}

function boundedFetch(url: URL, options: Pick<OAuthClientOptions, 'fetch' | 'now'>) {
  return async (_url: string, { headers, method, signal }: RequestInit & { signal: AbortSignal }) => {
    const send = (fetchWith: typeof fetch) =>
      fetchWith(url.href, { ...(headers && { headers }), ...(method && { method }), redirect: 'manual', signal });
    const ask = async () => {
      const response = await callEndpoint(url, signal, send, options);
      if (response.status !== 200)
        throw failure({ ...response, wanted: 'keys' }, `HTTP status ${response.status}`, { kind: 'http-status' });
      return response.text;
    };
    // The code or the refresh token that brought the ID token is used up, so the request cannot be repeated.
    return new Response(await outlive(ask, { signal, deadlineMs: KEYS_DEADLINE_MS, now: options.now }));
  };
}

interface Verification extends Pick<OAuthClientOptions, 'clientId' | 'now'> {
  /** The algorithms that the server announces. */
  readonly announced: unknown;
  /** Somebody signs in: only then must the token not have expired. */
  readonly isLogin: boolean;
}

async function verify(idToken: string, keys: KeySet, verification: Verification): Promise<IdTokenClaims> {
  const { announced, clientId, isLogin, now = Date.now } = verification;
  try {
    const { payload } = await jwtVerify(idToken, keys, {
      audience: clientId,
      algorithms: allowed(announced),
      clockTolerance: TOLERANCE_S,
      currentDate: new Date(now()),
      requiredClaims: ['iss', 'sub', 'exp', 'iat'],
    });
    return payload;
  } catch (error) {
    if (isAuthError(error)) throw error;
    // It comes from the server at this moment, so that our clock is wrong. The refresh token that brought it is used up.
    if (error instanceof errors.JWTExpired && !isLogin) return error.payload;
    throw invalid(`${reasonOf(error)}${error instanceof errors.JWTExpired ? clocks(error.payload, now()) : ''}`);
  }
}

function clocks({ exp = 0 }: IdTokenClaims, now: number): string {
  const [end, here] = [exp * 1000, now].map((time) => new Date(time).toISOString());
  return `: it expired at ${end}, and the clock of this machine says ${here}. Set the clock if it is wrong`;
}

/** What the server announces, as far as it is safe. Without a word it is RS256 (OpenID Connect Discovery §3). */
function allowed(announced: unknown): string[] {
  return Array.isArray(announced) ? ALGORITHMS.filter((name) => announced.includes(name)) : ['RS256'];
}

/** jose's code and the claim's name: its messages and its errors' properties may hold what is in the token. */
function reasonOf(error: unknown): string {
  const { code, claim } = (error ?? {}) as { readonly code?: unknown; readonly claim?: unknown };
  const reason = typeof code === 'string' ? code : 'it cannot be read';
  return typeof claim === 'string' ? `${reason} (${printable(claim)})` : reason;
}

function checkClaims(
  claims: IdTokenClaims,
  expected: IdTokenExpectation,
  { clientId, now = Date.now }: Pick<OAuthClientOptions, 'clientId' | 'now'>,
): void {
  const { aud, azp, nonce, sub, auth_time: authTime } = claims;
  const several = Array.isArray(aud) && aud.length > 1;
  if ((several || azp !== undefined) && azp !== clientId) throw invalid('it is meant for another client (azp)');
  if (expected.nonce !== undefined && nonce !== expected.nonce) throw invalid('its nonce is not that of this login');
  if (expected.previous !== undefined && sub !== jwtClaims(expected.previous)?.sub) {
    throw invalid('it is for another user than the one before it (sub)');
  }
  if (expected.maxAgeMs === undefined) return;
  const age = typeof authTime === 'number' ? now() - authTime * 1000 : Number.POSITIVE_INFINITY;
  if (age > expected.maxAgeMs + TOLERANCE_S * 1000) throw invalid('the login was too long ago (auth_time)');
}

function invalid(reason: string): AuthenticationError {
  return new AuthenticationError(`The ID token is not valid: ${reason}. The login was discarded.`);
}
