import { isPromise } from '../lifecycle/promises.ts';
import { RecentMap } from '../recent-map.ts';
import type { Clock } from '../tokens/clock.ts';
import type { Token } from '../tokens/token.ts';

/** How many demanded tokens are remembered; beyond that, all origins share the newest token again. */
export const MOST_DEMANDED = 16;
/** A former token this close to its end is given up. */
const MARGIN_MS = 10_000;

interface Demanded {
  /** The origins that have demanded this token. */
  readonly origins: Set<string>;
  /** What all others go on with as long as it lives. */
  readonly former: Token;
}

/**
 * Which token goes to which origin after a challenge has demanded more than a token: the origin that has demanded gets the
 * new one, all others keep the former one. Otherwise any server could make what the others get. They share one login: the
 * token cache renews the newest token only.
 */
export class OriginTokens {
  readonly #clock: Clock;
  /** By access token. */
  readonly #demanded = new RecentMap<string, Demanded>(MOST_DEMANDED);
  /** Challenges that are being met, by origin. */
  readonly #underWay = new Map<string, { readonly former: Token; calls: number }>();
  #last: Token | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Do all origins get the same token? */
  get isEmpty(): boolean {
    return this.#demanded.size === 0 && this.#underWay.size === 0;
  }

  /** What to present to this origin without waiting, while a challenge of another origin is being met. */
  whileOthersWait(origin: string): Token | undefined {
    if (this.#underWay.size === 0 || this.#underWay.has(origin)) return undefined;
    for (const { former } of this.#underWay.values()) {
      if (this.#lives(former)) return this.tokenFor(origin, former);
    }
    return undefined;
  }

  /** What to present to this origin, where `newest` is what the cache has. */
  tokenFor(origin: string, newest: Token): Token {
    let token = newest;
    for (let left = this.#demanded.size; left > 0; left -= 1) {
      const demanded = this.#demanded.get(token.accessToken);
      if (demanded === undefined || demanded.origins.has(origin) || !this.#lives(demanded.former)) break;
      token = demanded.former;
    }
    return token;
  }

  /** Forgets a token that was finally refused, so that it is no longer offered as the previous one. */
  refuse({ accessToken }: Token): void {
    for (const [newer, { former }] of this.#demanded) {
      if (former.accessToken === accessToken) this.#demanded.delete(newer);
    }
  }

  /**
   * Gets a token that an origin demands, and remembers for whom it is.
   *
   * @param newest - What the cache has now.
   */
  demand(origin: string, newest: Token, ask: () => Token | Promise<Token>): Token | Promise<Token> {
    const underWay = this.#underWay.get(origin) ?? { former: newest, calls: 0 };
    this.#underWay.set(origin, underWay);
    underWay.calls += 1;
    const last = this.#last;
    const end = () => {
      underWay.calls -= 1;
      if (underWay.calls === 0) this.#underWay.delete(origin);
    };
    const remember = (token: Token) => {
      // Another origin may have demanded a token in the meantime.
      this.#remember(origin, this.#last === last ? newest : (this.#last ?? newest), token);
      return token;
    };
    return settling(ask, remember, end);
  }

  #remember(origin: string, former: Token, token: Token): void {
    const known = this.#demanded.get(token.accessToken);
    if (known !== undefined) {
      if (known.origins.size < MOST_DEMANDED) known.origins.add(origin);
    } else if (token.accessToken !== former.accessToken) {
      this.#demanded.set(token.accessToken, { origins: new Set([origin]), former });
      this.#last = token;
    }
  }

  #lives({ expiresAt }: Token): boolean {
    return expiresAt === undefined || expiresAt - MARGIN_MS > this.#clock.now();
  }
}

function settling<T>(ask: () => T | Promise<T>, then: (value: T) => T, end: () => void): T | Promise<T> {
  let asked: T | Promise<T>;
  try {
    asked = ask();
  } catch (error) {
    end();
    throw error;
  }
  if (isPromise(asked)) return asked.then(then).finally(end);
  end();
  return then(asked);
}
