/** What a command works under, so that Ctrl-C ends it in order. */
export interface Interruptible {
  /** Aborts at the first Ctrl-C, or at SIGTERM. */
  readonly signal: AbortSignal;
  /** Was the command interrupted? */
  readonly isInterrupted: () => boolean;
  /** Gives the signals back to the process. */
  readonly release: () => void;
}

/** Turns Ctrl-C and SIGTERM into an abort. The second one ends the process at once. */
export function interruptible(exitCode: number): Interruptible {
  const stop = new AbortController();
  const onSignal = () => {
    if (stop.signal.aborted) process.exit(exitCode);
    stop.abort(new Error('interrupted'));
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  return {
    signal: stop.signal,
    isInterrupted: () => stop.signal.aborted,
    release: () => void process.off('SIGINT', onSignal).off('SIGTERM', onSignal),
  };
}
