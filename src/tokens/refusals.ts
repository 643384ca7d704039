import type { AuthRequest } from '../lifecycle/contract.ts';
import { RecentMap } from '../recent-map.ts';
import type { Clock, Instant } from './clock.ts';
import type { CacheSettings } from './settings.ts';
import type { Token } from './token.ts';

/** A page that has refused what a renewal brought, without having accepted anything since. */
interface Page {
  readonly times: number;
  readonly until: Instant;
}

/** The most pages that are remembered. */
const MAX_PAGES = 100;
/** Once may be chance: a token can be revoked while it is on its way. */
const HOPELESS = 2;

/**
 * Distinguishes a token that is no longer accepted from a 401 that no token will cure: before `timeToNextRequestMs` has passed, nobody
 * renews again for a server that has never accepted a token and refuses its replacement too, nor for a page that has
 * twice refused a replacement while other pages accept tokens.
 */
export class Refusals {
  readonly #clock: Clock;
  readonly #timeToNextRequestMs: number;
  readonly #pages = new RecentMap<string, Page>(MAX_PAGES);
  #accepted: Token | undefined;
  #noRenewalUntil: Instant | undefined;

  constructor({ clock, timeToNextRequestMs }: CacheSettings) {
    this.#clock = clock;
    this.#timeToNextRequestMs = timeToNextRequestMs;
  }

  /** Is it known already that a server has accepted that token? To be asked first: it costs nothing. */
  knows(accepted: Token): boolean {
    return accepted === this.#accepted && this.#pages.size === 0;
  }

  /** A server has accepted the current token. */
  accept(token: Token, request?: AuthRequest): void {
    this.#accepted = token;
    this.#noRenewalUntil = undefined;
    if (request !== undefined && this.#pages.size > 0) this.#pages.delete(pageOf(request));
  }

  wasAccepted(token: Token): boolean {
    return this.#accepted?.accessToken === token.accessToken;
  }

  /** May a renewal replace the refused token, which is the current one? */
  mayRenew(request?: AuthRequest): boolean {
    return this.#isOver(this.#noRenewalUntil) && (request === undefined || !this.#isHopeless(request));
  }

  /** A page has refused what a renewal brought. */
  refusedAgain(request: AuthRequest): void {
    const page = pageOf(request);
    const { times = 0, until } = this.#pages.get(page) ?? {};
    this.#pages.set(page, {
      times: this.#isOver(until) ? 1 : times + 1,
      until: this.#clock.after(this.#timeToNextRequestMs),
    });
  }

  /** A token was renewed because it was refused, without ever having been accepted. */
  renewedInVain(): void {
    this.#noRenewalUntil = this.#clock.after(this.#timeToNextRequestMs);
  }

  /** A refused token is no longer an accepted one. */
  refuse(token: Token): void {
    if (this.wasAccepted(token)) this.#accepted = undefined;
  }

  forget(): void {
    this.#noRenewalUntil = undefined;
    this.#pages.clear();
  }

  #isHopeless(request: AuthRequest): boolean {
    if (this.#pages.size === 0) return false;
    const { times = 0, until } = this.#pages.get(pageOf(request)) ?? {};
    return times >= HOPELESS && !this.#isOver(until);
  }

  #isOver(until: Instant | undefined): boolean {
    return until === undefined || this.#clock.reached(until);
  }
}

function pageOf({ origin, url }: AuthRequest): string {
  return origin + url.pathname;
}
