import { describe, expect, it } from 'vitest';
import { AuthError, TokenEndpointError } from '../../../src/errors.ts';
import { MemoryTokenStore } from '../../../src/tokens/memory-store.ts';
import { withRefreshTokens } from '../../../src/tokens/refresh-tokens.ts';
import type { Demand, Token, TokenRequest } from '../../../src/tokens/token.ts';
import { TokenCache } from '../../../src/tokens/token-cache.ts';
import { HandClock, settle } from './by-hand.ts';

/** mulberry32: the same seed, the same story. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * A token endpoint with rotation and reuse detection, as strict as they come: a refresh token works once, and using an
 * old one is what the cache must never do.
 */
class StrictServer {
  readonly #roll: () => number;
  readonly #clock: HandClock;
  issued = 0;
  calls = 0;
  atOnce = 0;
  mostAtOnce = 0;
  readonly wrongPrevious: string[] = [];
  readonly waiting: (() => void)[] = [];

  constructor(roll: () => number, clock: HandClock) {
    this.#roll = roll;
    this.#clock = clock;
  }

  async requestToken({ previous }: TokenRequest): Promise<Token> {
    this.calls += 1;
    this.atOnce += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.atOnce);
    if ((previous?.refreshToken ?? 'r0') !== `r${this.issued}`) this.wrongPrevious.push(String(previous?.refreshToken));
    await new Promise<void>((answer) => this.waiting.push(answer));
    this.atOnce -= 1;
    const fate = this.#roll();
    if (fate < 0.15) throw new TypeError('fetch failed');
    if (fate < 0.2) throw new TokenEndpointError('no', { kind: 'oauth-error', error: 'access_denied' });
    this.issued += 1;
    const life = fate < 0.4 ? {} : { expiresAt: this.#clock.wall + Math.round(fate * 600_000) };
    return { accessToken: `t${this.issued}`, tokenType: 'Bearer', refreshToken: `r${this.issued}`, ...life };
  }
}

/** One random story: callers come, tokens are refused and accepted, time passes, clocks jump, the server answers. */
async function play(seed: number, shared: boolean) {
  const roll = dice(seed);
  const clock = new HandClock();
  const server = new StrictServer(roll, clock);
  const store = shared ? { store: new MemoryTokenStore(), storeKey: 'k' } : {};
  const random = () => Uint8Array.of(0, 0, 0, Math.floor(roll() * 256));
  const options = { now: clock.now, monotonic: clock.monotonic, random, deadlineMs: 2 ** 31, ...store };
  const caches = Array.from(
    { length: shared ? 3 : 1 },
    () =>
      new TokenCache(
        withRefreshTokens((request) => server.requestToken(request)),
        options,
      ),
  );
  const pick = <T>(from: readonly T[]): T => from[Math.floor(roll() * from.length)] as T;
  const seen: Token[] = [];
  const settled: Promise<string>[] = [];
  const demands: (Demand | undefined)[] = [undefined, undefined, undefined, { scope: ['a'] }, { scope: ['a', 'b'] }];
  let needless = 0;

  const watch = (outcome: Token | Promise<Token>) => {
    const promise = Promise.resolve(outcome);
    promise.then((token) => seen.push(token)).catch(() => undefined);
    settled.push(
      promise.then(
        (token) => token.accessToken,
        (error: unknown) => (error instanceof AuthError ? 'error' : 'odd'),
      ),
    );
  };
  const steps: (() => void)[] = [
    () => watch(pick(caches).get(pick(demands))),
    () => watch(pick(caches).get()),
    () => {
      if (seen.length > 0) watch(pick(caches).renew(pick(seen.slice(-3)), pick(demands)));
    },
    () => {
      const cache = pick(caches);
      const former = seen.at(-2);
      const current = cache.peek();
      if (former === undefined || current === undefined || former.accessToken === current.accessToken) return;
      const before = server.calls;
      watch(cache.renew(former));
      needless += server.calls - before;
    },
    () => {
      if (seen.length > 0) pick(caches).accepted(pick(seen.slice(-2)));
    },
    () => clock.pass(Math.round(roll() ** 4 * 400_000)),
    () => clock.jump(Math.round((roll() - 0.5) * 100_000)),
    () => server.waiting.shift()?.(),
  ];
  for (let i = 0; i < 150; i += 1) {
    pick(steps)();
    if (roll() < 0.7) await settle();
  }
  for (let quiet = 0; quiet < 3; quiet += 1) {
    while (server.waiting.length > 0) {
      server.waiting.shift()?.();
      await settle();
    }
    await settle();
  }
  return { server, needless, settled, caches };
}

describe.each([
  ['one cache', false],
  ['three caches that share a store', true],
])('%s, in 200 random stories', (_name, shared) => {
  it('never asks twice at once, never renews what is not current, and leaves nobody waiting', async () => {
    let tokens = 0;
    for (let seed = 1; seed <= 200; seed += 1) {
      const { server, needless, settled } = await play(seed, shared);
      const outcomes = await Promise.race([Promise.all(settled), settle().then(() => ['somebody still waits'])]);
      expect({ seed, most: Math.min(server.mostAtOnce, 1), wrong: server.wrongPrevious }).toEqual({
        seed,
        most: server.mostAtOnce,
        wrong: [],
      });
      expect(outcomes, `seed ${seed}`).not.toContain('somebody still waits');
      expect(outcomes, `seed ${seed}`).not.toContain('odd');
      expect(needless, `seed ${seed}`).toBe(0);
      tokens += server.issued;
    }
    expect(tokens).toBeGreaterThan(700);
  });
});
