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
  /** As shells count an end by SIGINT. */
  interrupted: 130,
} as const;

const FLAGS = { issuer: 'URL', clientId: '--client-id', scope: '--scope', timeoutMs: '--timeout' };

/** Runs a command, and turns its errors into a line on standard error and an exit code. */
export async function runCommand(
  name: string,
  work: (signal: AbortSignal) => Promise<number | undefined>,
): Promise<void> {
  const interrupt = interruptible(EXIT.interrupted);
  try {
    process.exitCode = (await until(interrupt.signal, work(interrupt.signal))) ?? EXIT.done;
  } catch (error) {
    if (interrupt.isInterrupted()) {
      say(name, 'interrupted');
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
