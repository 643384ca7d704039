import { RecentMap } from '../recent-map.ts';
import type { Clock, Instant } from '../tokens/clock.ts';
import type { Token } from '../tokens/token.ts';

const WINDOW_MS = 60_000;
/** Once may be chance, twice is much: after that a page has to wait. */
const PER_PAGE = 2;
const IN_ALL = 5;
const MAX_PAGES = 100;
/** The answers to challenges that are remembered, so that everybody who waits for one shares it. */
const MAX_ANSWERED = 32;

/**
 * Bounds what servers can make us ask for with challenges, whatever these contain: a token request for each new `claims`
 * would be a storm, and a login for each new `acr_values` a nuisance.
 */
export class ChallengeBrake {
  readonly #clock: Clock;
  readonly #answered = new RecentMap<string, true>(MAX_ANSWERED);
  readonly #pages = new RecentMap<string, number>(MAX_PAGES);
  #inAll = 0;
  #until: Instant | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * May this challenge be met? One that is being met already may be joined.
   *
   * @param wanted - What the server wants beyond a token.
   */
  allows({ accessToken }: Token, wanted: string, page: string): boolean {
    const answered = `${accessToken}\n${wanted}`;
    if (this.#answered.has(answered)) return true;
    if (this.#until === undefined || this.#clock.reached(this.#until)) this.#begin();
    const onPage = this.#pages.get(page) ?? 0;
    if (onPage >= PER_PAGE || this.#inAll >= IN_ALL) return false;
    this.#pages.set(page, onPage + 1);
    this.#inAll += 1;
    this.#answered.set(answered, true);
    return true;
  }

  #begin(): void {
    this.#until = this.#clock.after(WINDOW_MS);
    this.#inAll = 0;
    this.#pages.clear();
  }
}
