/**
 * A small resource server on the authorization server's own port: `GET /api/me`, and `GET /api/admin` for those with the
 * scope `write`.
 */

import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { calculateJwkThumbprint, EmbeddedJWK, type JWK, jwtVerify } from 'jose';
import type { ServedRequest } from './traffic.ts';

/** What the resource server knows of a token that is good. */
export interface VerifiedToken {
  readonly sub: string;
  readonly scope: string;
  readonly kind: 'opaque' | 'jwt';
  /** RFC 9449 §6: the thumbprint of the key that the token is bound to. */
  readonly jkt?: string | undefined;
  readonly aud?: unknown;
  readonly act?: unknown;
}

export interface ResourceSupport {
  readonly issuer: string;
  readonly requests: ServedRequest[];
  verify(token: string): Promise<VerifiedToken | undefined>;
  /** The nonces that a DPoP proof may carry, the newest first; empty where it needs none. */
  nonces(): readonly string[];
  /** Why a good token is refused nevertheless. */
  challenge(path: string, accessToken: string): string | undefined;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

const DPOP_ALGORITHMS = ['ES256', 'Ed25519', 'RS256'];

export function resourceServer(
  support: ResourceSupport,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const seenProofs = new Set<string>();
  return async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', support.issuer);
    const { status, body, headers } = await decide(support, seenProofs, request, pathname);
    support.requests.push({ path: pathname, method: request.method ?? '', status });
    const [nonce] = support.nonces();
    const news = nonce === undefined ? {} : { 'dpop-nonce': nonce };
    response.writeHead(status, { 'content-type': 'application/json', ...news, ...headers }).end(JSON.stringify(body));
  };
}

async function decide(
  support: ResourceSupport,
  seenProofs: Set<string>,
  request: IncomingMessage,
  pathname: string,
): Promise<Answer> {
  const [scheme = '', credential] = (request.headers.authorization ?? '').split(' ');
  if (!credential) return challenge(invitation(support.issuer));
  const isDpop = scheme.toLowerCase() === 'dpop';
  const token = await support.verify(credential);
  if (token === undefined) return refuse('invalid_token', isDpop ? 'DPoP' : 'Bearer');
  if (token.jkt !== undefined || isDpop) {
    const problem = await checkProof({ support, seenProofs, request, pathname, credential, token });
    if (problem !== undefined) return problem;
  }
  const reason = support.challenge(pathname, credential);
  if (reason !== undefined) return challenge(reason);
  const isEnough = pathname !== '/api/admin' || token.scope.split(' ').includes('write');
  return isEnough ? { status: 200, body: token } : tooNarrow(isDpop ? 'DPoP' : 'Bearer');
}

/** RFC 6750 §3.1. */
function tooNarrow(scheme: string): Answer {
  return { ...challenge(`${scheme} realm="api", error="insufficient_scope", scope="write"`), status: 403 };
}

interface ProofCheck {
  readonly support: ResourceSupport;
  readonly seenProofs: Set<string>;
  readonly request: IncomingMessage;
  readonly pathname: string;
  readonly credential: string;
  readonly token: VerifiedToken;
}

/** RFC 9449 §4.3 and §7. */
async function checkProof(check: ProofCheck): Promise<Answer | undefined> {
  const { support, seenProofs, request, pathname, credential, token } = check;
  try {
    const { payload, protectedHeader } = await jwtVerify(String(request.headers.dpop ?? ''), EmbeddedJWK, {
      typ: 'dpop+jwt',
      algorithms: DPOP_ALGORITHMS,
      maxTokenAge: 60,
    });
    const isBound = (await calculateJwkThumbprint(protectedHeader.jwk as JWK)) === token.jkt;
    const isForThis = payload.htm === request.method && payload.htu === support.issuer + pathname;
    const isOfToken = payload.ath === createHash('sha256').update(credential).digest('base64url');
    const isFresh = !seenProofs.has(String(payload.jti));
    if (!(isBound && isForThis && isOfToken && isFresh)) return refuse('invalid_dpop_proof', 'DPoP');
    const nonces = support.nonces();
    if (nonces.length > 0 && !nonces.includes(String(payload.nonce))) return refuse('use_dpop_nonce', 'DPoP');
    seenProofs.add(String(payload.jti));
    return undefined;
  } catch {
    return refuse('invalid_dpop_proof', 'DPoP');
  }
}

function refuse(error: string, scheme: 'Bearer' | 'DPoP'): Answer {
  const algorithms = scheme === 'DPoP' ? ', algs="ES256 Ed25519"' : '';
  return challenge(`${scheme} realm="api", error="${error}"${algorithms}`, { error });
}

/** What those hear who bring no token (RFC 9728 §5.1). */
function invitation(issuer: string): string {
  const metadata = `${issuer}/.well-known/oauth-protected-resource/api`;
  return `Bearer realm="api", resource_metadata="${metadata}", DPoP algs="ES256 Ed25519"`;
}

function challenge(text: string, body: unknown = {}): Answer {
  return { status: 401, body, headers: { 'www-authenticate': text } };
}
