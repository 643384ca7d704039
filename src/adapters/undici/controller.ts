import type { Dispatcher } from 'undici';

type Controller = Dispatcher.DispatchController;

/**
 * The one controller that the caller's handler sees. Every wire attempt has a controller of its own: a handler that kept
 * the first one would pause, resume and abort a request that has long been answered.
 */
export class StableController implements Controller {
  /** The controller of the attempt that is on the wire. */
  target: Controller | undefined;
  readonly #onAbort: (reason: Error) => void;
  #paused = false;
  #aborted = false;
  #reason: Error | null = null;

  constructor(onAbort: (reason: Error) => void) {
    this.#onAbort = onAbort;
  }

  pause(): void {
    this.#paused = true;
    this.target?.pause();
  }

  resume(): void {
    this.#paused = false;
    this.target?.resume();
  }

  abort(reason: Error): void {
    if (this.#aborted) return;
    this.#aborted = true;
    this.#reason = reason ?? abortError();
    this.#onAbort(this.#reason);
  }

  get paused(): boolean {
    return this.#paused;
  }

  get aborted(): boolean {
    return this.#aborted || this.target?.aborted === true;
  }

  get reason(): Error | null {
    return this.#reason ?? this.target?.reason ?? null;
  }

  get rawHeaders(): NonNullable<Controller['rawHeaders']> | null {
    return this.target?.rawHeaders ?? null;
  }

  get rawTrailers(): NonNullable<Controller['rawTrailers']> | null {
    return this.target?.rawTrailers ?? null;
  }
}

/** What undici makes of an abort without a reason, in any copy of it: it tells its errors by these symbols. */
function abortError(): Error {
  const error = Object.assign(new Error('Request aborted'), { name: 'AbortError', code: 'UND_ERR_ABORTED' });
  for (const kind of ['undici.error.UND_ERR', 'undici.error.UND_ERR_ABORT', 'undici.error.UND_ERR_ABORTED']) {
    Object.defineProperty(error, Symbol.for(kind), { value: true });
  }
  return error;
}
