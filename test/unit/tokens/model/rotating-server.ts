import { TokenEndpointError } from '../../../../src/errors.ts';
import type { Token } from '../../../../src/tokens/token.ts';
import type { VirtualTime } from './virtual-time.ts';

/** An answer may take longer than anybody waits for it, or just shorter. */
const LONGEST_MS = 90_000;
const LONGEST_KEPT_MS = 50_000;

/** What becomes of one request. */
export type Fate = 'answered' | 'late' | 'lost' | 'silent' | 'busy' | 'broken' | 'unreachable';

/**
 * A token endpoint that rotates and detects reuse, as strict as they come: a refresh token works once, and using one again
 * ends the whole login.
 */
export class RotatingServer {
  readonly #time: VirtualTime;
  readonly #roll: () => number;
  readonly #graceMs: number;
  readonly #lifeMs: number;
  readonly #losses: boolean;
  /** The fate of the next requests; a healthy server answers at once. */
  healthy = false;
  issued = 0;
  requests = 0;
  /** Refresh tokens that came again after they had been used or refused. This is the judge. */
  reused: string[] = [];
  readonly #families = new Map<string, Family>();
  readonly #spent = new Set<string>();

  constructor(time: VirtualTime, roll: () => number, graceMs: number, losses = true, lifeMs = 60_000) {
    this.#time = time;
    this.#roll = roll;
    this.#graceMs = graceMs;
    this.#lifeMs = lifeMs;
    this.#losses = losses;
  }

  /** Somebody logs in: a new family. */
  login(): Token {
    return this.#issue({ alive: true, former: undefined });
  }

  /** Is this refresh token good? */
  accepts(refreshToken: string | undefined): boolean {
    return (
      refreshToken !== undefined && this.#families.get(refreshToken)?.alive === true && !this.#spent.has(refreshToken)
    );
  }

  async request(refreshToken: string): Promise<Token> {
    this.requests += 1;
    const fate = this.healthy ? 'answered' : this.#fate();
    await this.#time.after(1 + this.#roll() * 200);
    if (fate === 'unreachable') throw network('ECONNREFUSED');
    if (fate === 'busy') throw new TokenEndpointError('busy', { kind: 'http-status', status: 503 });
    if (fate === 'broken') throw new TokenEndpointError('broken', { kind: 'http-status', status: 500 });
    const answer = this.#rotate(refreshToken);
    if (fate === 'silent') return new Promise(() => {});
    const longestMs = this.#losses ? LONGEST_MS : LONGEST_KEPT_MS;
    await this.#time.after(this.#roll() * (fate === 'late' ? longestMs : 500));
    if (fate === 'lost') throw network('ECONNRESET');
    if (answer instanceof Error) throw answer;
    return answer;
  }

  #fate(): Fate {
    const roll = this.#roll();
    if (roll < 0.55) return 'answered';
    if (roll < 0.7) return 'late';
    if (roll < 0.77) return this.#losses ? 'lost' : 'answered';
    if (roll < 0.79) return this.#losses ? 'silent' : 'late';
    if (roll < 0.88) return 'busy';
    return roll < 0.92 ? 'broken' : 'unreachable';
  }

  #rotate(refreshToken: string): Token | Error {
    const family = this.#families.get(refreshToken);
    if (family !== undefined && this.accepts(refreshToken)) {
      this.#spent.add(refreshToken);
      const answer = this.#issue(family);
      family.former = { refreshToken, at: this.#time.ms, answer };
      return answer;
    }
    const former = family?.former;
    // Within its grace period the server gives the same answer twice.
    const replay = former?.refreshToken === refreshToken && this.#time.ms - former.at <= this.#graceMs;
    if (replay && this.accepts(former.answer.refreshToken)) return former.answer;
    if (this.#spent.has(refreshToken)) this.reused.push(refreshToken);
    this.#spent.add(refreshToken);
    if (family !== undefined) family.alive = false;
    return new TokenEndpointError('used', { kind: 'oauth-error', error: 'invalid_grant', status: 400 });
  }

  #issue(family: Family): Token {
    this.issued += 1;
    const refreshToken = `r${this.issued}`;
    this.#families.set(refreshToken, family);
    const expiresAt = this.#time.ms + this.#lifeMs;
    return { accessToken: `t${this.issued}`, tokenType: 'Bearer', refreshToken, expiresAt };
  }
}

/** The tokens of one login: a refresh token that is used twice ends it. */
interface Family {
  alive: boolean;
  former: { readonly refreshToken: string; readonly at: number; readonly answer: Token } | undefined;
}

function network(code: string): TokenEndpointError {
  return new TokenEndpointError(code, { kind: 'network', cause: Object.assign(new Error(code), { code }) });
}
