import { expect } from 'vitest';
import type { AuthError } from '../../../src/errors.ts';
import { KEEP, type Keeper } from '../../../src/tokens/keeping.ts';
import { sendsRefreshTokens } from '../../../src/tokens/refresh-tokens.ts';
import type { Token, TokenRequest, TokenSource } from '../../../src/tokens/token.ts';

/** Two clocks that move only when told to. */
export class HandClock {
  wall = Date.UTC(2026, 0, 1);
  ticks = 5000;
  readonly now = () => this.wall;
  readonly monotonic = () => this.ticks;

  /** Time passes. */
  pass(ms: number): void {
    this.wall += ms;
    this.ticks += ms;
  }

  /** Somebody sets the wall clock; or the machine sleeps, and the monotonic clock with it. */
  jump(ms: number): void {
    this.wall += ms;
  }
}

export interface Call {
  readonly request: TokenRequest;
  readonly resolve: (token: Token) => void;
  readonly reject: (error: unknown) => void;
}

/** A source that answers when the test says so. */
export class HandSource implements TokenSource {
  readonly calls: Call[] = [];

  requestToken(request: TokenRequest): Promise<Token> {
    return new Promise((resolve, reject) => this.calls.push({ request, resolve, reject }));
  }

  /** The call that waits for an answer. */
  get last(): Call {
    const call = this.calls.at(-1);
    if (call === undefined) throw new Error('the source has not been asked');
    return call;
  }
}

export function token(accessToken: string, more: Partial<Token> = {}): Token {
  return { accessToken, tokenType: 'Bearer', ...more };
}

/** Lets everything run that needs no timer and no I/O. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** The same, of one that sends refresh tokens. */
export class RefreshingHandSource extends HandSource implements Keeper {
  readonly [KEEP] = sendsRefreshTokens[KEEP];
}

/** What became of a promise so far. */
export async function stateOf(promise: unknown): Promise<'pending' | 'resolved' | 'rejected'> {
  await settle();
  const pending = Symbol('pending');
  return Promise.race([promise, pending]).then(
    (value) => (value === pending ? 'pending' : 'resolved'),
    () => 'rejected' as const,
  );
}

/** What later callers get of a failure that is remembered: the same in all but the text. */
export function rememberedOf(error: AuthError): unknown {
  const text = new RegExp(`^${error.message} \\(remembered until .+; tokens\\.reset\\(\\) tries again at once\\)$`);
  return expect.objectContaining({ ...error, message: expect.stringMatching(text) });
}
