import { isAuthError } from '../errors.ts';
import { inFlags } from './in-flags.ts';
import { interruptible } from './interrupt.ts';
import { say } from './output.ts';

/** The exit codes of all commands but `auth`, `config` and `mask`. They are part of the interface. */
export const EXIT = {
  done: 0,
  error: 1,
  /** Nobody is signed in, or nobody can. */
  loginRequired: 3,
  /** Of `request`: the server answered 4xx, 5xx, or a redirect that was not followed. */
  clientError: 4,
  serverError: 5,
  redirected: 6,
  /** As shells count an end by SIGINT. */
  interrupted: 130,
} as const;

const FLAGS = {
  issuer: 'URL',
  clientId: '--client-id',
  account: '--account',
  scope: '--scope',
  timeoutMs: '--timeout',
};

/** How a command learns that it was interrupted. */
export interface Interruption {
  /** Aborts at Ctrl-C. Nothing may be written to standard output afterwards. */
  readonly signal: AbortSignal;
  /** Takes what has to end in order before the command leaves. A second Ctrl-C does not wait for it. */
  readonly onInterrupt: (action: () => Promise<void>) => void;
}

/** Runs a command, and turns its errors into a line on standard error and an exit code. */
export async function runCommand(
  name: string,
  work: (interruption: Interruption) => Promise<number | undefined>,
): Promise<void> {
  const interrupt = interruptible(EXIT.interrupted);
  const settle: (() => Promise<void>)[] = [];
  try {
    process.exitCode =
      (await until(
        interrupt.signal,
        work({ signal: interrupt.signal, onInterrupt: (action) => void settle.push(action) }),
      )) ?? EXIT.done;
  } catch (error) {
    if (interrupt.isInterrupted()) {
      say(name, 'interrupted');
      await Promise.allSettled(settle.map((action) => action()));
      // What was under way has no signal of its own.
      process.exit(EXIT.interrupted);
    }
    say(name, inFlags((error as Error).message, FLAGS));
    process.exitCode = exitCodeOf(error);
  } finally {
    interrupt.release();
  }
}

function exitCodeOf(error: unknown): number {
  return isAuthError(error) && error.code === 'ERR_AUTH_LOGIN_REQUIRED' ? EXIT.loginRequired : EXIT.error;
}

function until<Value>(signal: AbortSignal, work: Promise<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    work.then(resolve, reject);
  });
}
