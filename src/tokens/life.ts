/**
 * The life of a login: which token is the newest, and where its refresh token stands. Pure: no clock, no store. Memory,
 * stores, deadlines, races, `clear`, `set`, `revoke` and `close` all go through these transitions.
 *
 *     held ──sent──▶ in use ──made──▶ replaced (its successor is held)
 *      ▲               │ ├──unsent──▶ held: the answer says that it was not used
 *      │               │ ├──(no answer)──▶ used: nobody sends it again, but once within the replay window
 *     given            │ └──died──▶ dead ◀──cleared── any
 *      └───────────────┴── any, dead included
 */

import { type Ended, type InUse, MAX_USED, type StoredToken, type TokenRecord } from './store.ts';
import type { Token } from './token.ts';

/** A {@link TokenRecord} with everything that has a default filled in. */
export interface Life extends TokenRecord {
  readonly generation: number;
  readonly used: readonly string[];
}

export const UNBORN: Life = Object.freeze({ generation: 0, used: [] });

/** May a refresh token be sent? `'replay'`: once more, because an answer was lost. */
export type Permission = 'yes' | 'replay' | 'used' | 'lost';

/** How often one refresh token is sent at most: the first time, and once more after an answer that was lost. */
const MAX_SENT = 2;
/** Fingerprints of refresh tokens that the source itself brings, which it will bring again: they are kept longest. */
const ANCHOR = '~';
const MAX_ANCHORS = 4;

export function permission(life: Life, print: string, now: number, replayWindowMs: number): Permission {
  if (life.reusable === true) return 'yes';
  if (life.used.includes(print) || life.used.includes(ANCHOR + print)) return 'used';
  const { inUse } = life;
  if (inUse?.fingerprint !== print) return 'yes';
  const again = replayWindowMs > 0 && (inUse.sent ?? 1) < MAX_SENT && now - inUse.at <= replayWindowMs;
  return again ? 'replay' : 'lost';
}

/** held → in use. */
export function sent(life: Life, print: string, now: number, by: string | undefined): Life {
  const times = life.inUse?.fingerprint === print ? (life.inUse.sent ?? 1) + 1 : 1;
  const inUse: InUse = {
    fingerprint: print,
    // The window begins with the first time.
    at: times > 1 && life.inUse !== undefined ? life.inUse.at : now,
    ...(times > 1 && { sent: times }),
    ...(by !== undefined && { by }),
  };
  return { ...life, generation: life.generation + 1, inUse, used: times === 1 ? spentBy(life) : life.used };
}

/** in use → held, or whatever it was before. */
export function unsent(life: Life, before: InUse | undefined): Life {
  const { inUse: _, generation, ...rest } = life;
  return { ...rest, generation: generation + 1, ...(before !== undefined && { inUse: before }) };
}

/** The note that this one has followed, of the same token. Who made it is not known any more. */
export function predecessor({ sent: times = 1, by: _, ...note }: InUse): InUse | undefined {
  return times === 1 ? undefined : { ...note, ...(times > 2 && { sent: times - 1 }) };
}

/** The note could not be written: as if it had never been made. */
export function unnoted(life: Life, before: InUse | undefined): Life {
  const { generation } = life;
  return { ...unsent(life, before), generation: generation - 1 };
}

/** What a request has sent, and whether the source itself has brought it. */
export interface Presented {
  readonly print: string;
  readonly refreshToken: string;
  readonly anchor: boolean;
}

/** in use → replaced, or held again where the server keeps its refresh token. */
export function made(life: Life, token: Token, presented: Presented | undefined): Life {
  const kept = presented !== undefined && token.refreshToken === presented.refreshToken;
  const used = kept ? life.used : spentBy(life);
  return {
    generation: life.generation + 1,
    used: presented === undefined || kept ? used : remember(used, presented),
    token,
    ...((kept || (presented === undefined && life.reusable)) && { reusable: true as const }),
  };
}

/** A token from elsewhere: what was before does not matter, only that it never comes back. */
export function given(life: Life, token: Token): Life {
  return { generation: life.generation + 1, used: spentBy(life), token };
}

/** The server has ended the login. A living access token serves on, without its refresh token. */
export function died(life: Life, at: number, presented: Presented): Life {
  const { refreshToken: _, ...token } = life.token ?? { accessToken: '' };
  return {
    generation: life.generation + 1,
    used: remember(spentBy(life), presented),
    ended: { reason: 'dead', at },
    ...(token.accessToken !== '' && { token: token as Token }),
  };
}

export function cleared(life: Life, at: number, presented: Pick<Presented, 'print' | 'anchor'> | undefined): Life {
  const used = presented === undefined ? spentBy(life) : remember(spentBy(life), presented);
  return { generation: life.generation + 1, used, ended: { reason: 'cleared', at } };
}

/** What is used up once the life goes on without the token that is in use. */
function spentBy({ used, inUse, reusable }: Life): readonly string[] {
  return inUse === undefined || reusable === true ? used : bounded([...used, inUse.fingerprint]);
}

function remember(used: readonly string[], { print, anchor }: Pick<Presented, 'print' | 'anchor'>): readonly string[] {
  return bounded(anchor ? [...used, ANCHOR + print] : [...used, print]);
}

function bounded(used: readonly string[]): readonly string[] {
  const unique = [...new Set(used)];
  const anchors = unique.filter((one) => one.startsWith(ANCHOR)).slice(-MAX_ANCHORS);
  const isOther = (one: string) => !one.startsWith(ANCHOR) && !anchors.includes(ANCHOR + one);
  const others = unique.filter(isOther).slice(anchors.length - MAX_USED);
  return [...anchors, ...others];
}

/** Who is newer? Of two with the same generation the stored one wins: its writer was faster. */
export function isNewer(theirs: Life, mine: Life): boolean {
  if (theirs.generation !== mine.generation) return theirs.generation > mine.generation;
  return !isSame(theirs, mine) || !isSameUse(theirs.inUse, mine.inUse);
}

/** Do both speak of the same token, or both of none? */
export function isSame(a: Life, b: Life): boolean {
  return (
    a.token?.accessToken === b.token?.accessToken &&
    a.token?.refreshToken === b.token?.refreshToken &&
    a.ended?.reason === b.ended?.reason
  );
}

/** Is it the same note of the same request? */
export function isSameUse(a: InUse | undefined, b: InUse | undefined): boolean {
  return a?.fingerprint === b?.fingerprint && a?.at === b?.at && a?.by === b?.by && a?.sent === b?.sent;
}

/** Takes over what somebody else has written. Nothing that is used up is forgotten. */
export function adopted(theirs: Life, mine: Life): Life {
  // The mark is of the same token. A process that has removed its mark has not used the token.
  const goesOn = isSame(theirs, mine) || theirs.inUse?.fingerprint === mine.inUse?.fingerprint;
  const spent = goesOn ? mine.used : spentBy(mine);
  return { ...theirs, used: bounded([...spent, ...theirs.used]) };
}

/** Ours stands, and what the older one has used up is not forgotten. */
export function outlived(mine: Life, theirs: Life): Life {
  // Of the same token we know whether it was used in the end.
  const spent = isSame(theirs, mine) ? theirs.used : spentBy(theirs);
  return { ...mine, used: bounded([...spent, ...mine.used]) };
}

/** What the user wants, whatever stands in the store. A request that is out there is not one that we know the end of. */
export function overriding(mine: Life, theirs: Life): Life {
  const used = bounded([...spentBy(theirs), ...mine.used]);
  return { ...mine, used, generation: Math.max(mine.generation, theirs.generation + 1) };
}

/**
 * Reads what a store has given, which may be anything. `undefined`: nothing that could be used, so that it counts as lost.
 *
 * @param readToken - Copies a token; throws where it is none.
 */
export function readLife(stored: StoredToken | undefined, readToken: (token: Token) => Token): Life | undefined {
  if (typeof stored !== 'object' || stored === null) return undefined;
  const { generation, used, inUse, ended, token, reusable } = stored;
  const tombstone = isEnded(ended) ? ended : undefined;
  // A record without token still orders those that have one.
  const isOrdered = isCount(generation) && generation > 0;
  if (token === undefined && tombstone === undefined && !isInUse(inUse) && !isOrdered) return undefined;
  return {
    generation: isCount(generation) ? generation : 0,
    used: Array.isArray(used) ? bounded(used.filter((one) => typeof one === 'string')) : [],
    ...(token !== undefined && { token: readToken(token) }),
    ...(isInUse(inUse) && { inUse }),
    ...(tombstone !== undefined && { ended: tombstone }),
    ...(reusable === true && { reusable }),
  };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isEnded(value: Ended | undefined): value is Ended {
  return value?.reason === 'cleared' || value?.reason === 'dead';
}

function isInUse(value: InUse | undefined): value is InUse {
  return typeof value?.fingerprint === 'string' && typeof value.at === 'number';
}

/** Is this the record of our own write, whose answer was lost? */
export function isWritten(theirs: Life, mine: Life): boolean {
  return theirs.generation === mine.generation && isSame(theirs, mine) && isSameUse(theirs.inUse, mine.inUse);
}
