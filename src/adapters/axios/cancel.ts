import type { AxiosCallConfig, CancelTokenLike } from './types.ts';

/** The caller's signal, a cancel token where that is what he gave, or both as one. */
export function cancelSignal({ signal, cancelToken }: AxiosCallConfig): AbortSignal | undefined {
  if (!cancelToken) return signal ?? undefined;
  return new CancelTokenSignal(cancelToken, signal ?? undefined) as unknown as AbortSignal;
}

type Listener = () => void;

/**
 * As much of an AbortSignal as waiting needs. `cancelToken.toAbortSignal()` would stay subscribed for as long as the
 * token lives, which may be as long as the program.
 */
class CancelTokenSignal {
  readonly #token: CancelTokenLike;
  readonly #signal: AbortSignal | undefined;

  constructor(token: CancelTokenLike, signal: AbortSignal | undefined) {
    this.#token = token;
    this.#signal = signal;
  }

  get aborted(): boolean {
    return this.#token.reason !== undefined || this.#signal?.aborted === true;
  }

  get reason(): unknown {
    return this.#token.reason ?? this.#signal?.reason;
  }

  addEventListener(_type: 'abort', listener: Listener): void {
    this.#token.subscribe(listener);
    this.#signal?.addEventListener('abort', listener);
  }

  removeEventListener(_type: 'abort', listener: Listener): void {
    this.#token.unsubscribe(listener);
    this.#signal?.removeEventListener('abort', listener);
  }
}
