import { CredentialError } from '../errors.ts';
import { MASK } from '../secret.ts';
import type { Clock } from './clock.ts';
import { defined } from './defined.ts';
import { covers, includesAll } from './demand.ts';
import { expiryTime } from './expires-at.ts';
import type { Lifetime } from './lifetime.ts';
import type { Demand, LooseToken, Token } from './token.ts';

/** A token in our hands: what was asked for, when it came, how long it may be handed out. */
export interface HeldToken extends Lifetime {
  readonly token: Token;
  /** What was demanded of it. A server that granted less will grant no more if it is asked again. */
  readonly demand: Demand | undefined;
  /** Counts the tokens of one cache. */
  readonly generation: number;
  /** When it came, on the monotonic clock. */
  readonly since: number;
}

/** Does the token live, and is it all that is demanded? */
export function isUsable(held: HeldToken, demand: Demand | undefined, clock: Clock): boolean {
  return !clock.reached(held.usableUntil) && (demand === undefined || meets(held, demand, clock));
}

function meets(held: HeldToken, demand: Demand, clock: Clock): boolean {
  const { scope, ...stepUp } = demand;
  const asked = [...(held.token.scope ?? []), ...(held.demand?.scope ?? [])];
  if (!includesAll(asked, scope) || !covers(held.demand, stepUp)) return false;
  return demand.maxAgeMs === undefined || clock.monotonic() - held.since <= demand.maxAgeMs;
}

const inspect = Symbol.for('nodejs.util.inspect.custom');

/**
 * Copies a token as a source or store gave it, so that nobody can change it under our hands. What the answer leaves out
 * stays: a refresh token (RFC 6749 §6), an ID token. The copy is plain data, but the console shows it masked.
 *
 * @throws {@link CredentialError} when there is no access token, or when it expires at a time that cannot be read.
 */
export function copyToken(given: LooseToken, previous?: Token, obtainedAt = given?.obtainedAt): Token {
  const { accessToken, tokenType = 'Bearer', expiresAt, refreshToken, idToken, ...rest } = given ?? {};
  if (typeof accessToken !== 'string' || accessToken === '') {
    throw new CredentialError(
      'There is no access token: return text, a Secret, { accessToken }, or the response of a token endpoint.',
    );
  }
  const token = defined<Token>({
    ...rest,
    accessToken,
    tokenType,
    expiresAt: expiryTime(expiresAt),
    obtainedAt,
    refreshToken: refreshToken || previous?.refreshToken,
    idToken: idToken || previous?.idToken,
  });
  Object.defineProperty(token, inspect, { value: () => masked(token) });
  return Object.freeze(token);
}

function masked(token: Token): object {
  const secrets = ['accessToken', 'refreshToken', 'idToken'];
  return Object.fromEntries(
    Object.entries(token).map(([name, value]) => [name, secrets.includes(name) ? MASK : value]),
  );
}
