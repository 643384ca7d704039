/**
 * What a resource server says about a token that it did not like: RFC 6750 §3, RFC 9449 §7.1, RFC 9470 §3, RFC 9728 §5.1,
 * and the `claims` of continuous access evaluation. Pure.
 */

import { type Challenge, parseChallenges } from '../challenge/parse.ts';
import { scopeList } from './scope.ts';

export interface TokenChallenge {
  /** Such as `invalid_token`. Absent: the server says nothing but no. */
  readonly error?: string;
  /** The scope that the request needs. */
  readonly scope?: readonly string[];
  /** Authentication context classes, separated by spaces; the server likes the first one best. */
  readonly acrValues?: string;
  /** How long ago the user may have authenticated, in milliseconds. */
  readonly maxAgeMs?: number;
  /** The `claims` to ask for, as JSON text (OpenID Connect Core §5.5). */
  readonly claims?: string;
}

const SCHEMES = ['bearer', 'dpop'];
/** What demands more than this is no demand: comparing it takes time, and no token endpoint takes it. */
const MOST_SCOPES = 100;
const LONGEST_CLAIMS = 8192;
const DEEPEST_CLAIMS = 16;

/** When a token dies, thousands of requests are refused in the same words: they need no second reading. */
let last: { readonly field: string | null; readonly challenge: TokenChallenge } = { field: null, challenge: {} };

/** Reads the challenge for tokens in a response: the one with an error if there are several. */
export function tokenChallenge({
  headers,
}: {
  readonly headers: { get(name: string): string | null };
}): TokenChallenge {
  const field = headers.get('www-authenticate');
  if (field !== last.field) last = { field, challenge: parse(field) };
  return last.challenge;
}

function parse(field: string | null): TokenChallenge {
  const challenges = parseChallenges(field).filter(({ scheme }) => SCHEMES.includes(scheme));
  const challenge = challenges.find(({ params }) => params.has('error')) ?? challenges[0];
  return challenge === undefined ? {} : read(challenge);
}

/** Where the resource describes itself (RFC 9728 §5.1), as the server wrote it: nothing has been checked. */
export function resourceMetadataUrl(field: string | readonly string[] | null | undefined): string | undefined {
  const [url] = parseChallenges(field).flatMap(({ params }) => params.get('resource_metadata') ?? []);
  return url;
}

function read({ params }: Challenge): TokenChallenge {
  const [error, acrValues] = [params.get('error'), params.get('acr_values')];
  const scope = scopeList(params.get('scope'));
  const maxAgeMs = milliseconds(params.get('max_age'));
  const claims = claimsText(params.get('claims'));
  return {
    ...(error !== undefined && { error }),
    ...(scope.length > 0 && scope.length <= MOST_SCOPES && { scope }),
    ...(acrValues && { acrValues }),
    ...(maxAgeMs !== undefined && { maxAgeMs }),
    ...(claims !== undefined && { claims }),
  };
}

function milliseconds(seconds = ''): number | undefined {
  return /^\d{1,10}$/.test(seconds) ? Number(seconds) * 1000 : undefined;
}

/** Base64 of either alphabet, with or without padding; some servers send the JSON as it is. */
function claimsText(claims: string | undefined): string | undefined {
  if (claims === undefined || claims.length > LONGEST_CLAIMS) return undefined;
  try {
    const text = claims.startsWith('{') ? claims : decode(claims);
    const value: unknown = JSON.parse(text);
    const isUsable = typeof value === 'object' && value !== null && !Array.isArray(value) && isFlat(value);
    return isUsable ? text : undefined;
  } catch {
    return undefined;
  }
}

function isFlat(value: unknown, left = DEEPEST_CLAIMS): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return left > 0 && Object.values(value).every((one) => isFlat(one, left - 1));
}

function decode(base64: string): string {
  const binary = atob(base64.replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
}
