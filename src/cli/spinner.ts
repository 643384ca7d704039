import type { Spinner } from 'yocto-spinner';

/** What is over sooner needs no spinner. */
const DELAY_MS = 300;

/**
 * Runs work under a spinner that counts the time left. There is none where standard error is no terminal; colours follow
 * `NO_COLOR`.
 *
 * @param timeoutMs - How long the work may take, in milliseconds; 0: no limit, so nothing is counted down.
 */
export async function withSpinner<Value>(text: string, timeoutMs: number, work: () => Promise<Value>): Promise<Value> {
  if (process.stderr.isTTY !== true || process.env.TERM === 'dumb' || 'CI' in process.env) return work();
  const { default: yoctoSpinner } = await import('yocto-spinner');
  // The command handles signals itself.
  const spinner = yoctoSpinner({ text, stream: process.stderr, handleSignals: false });
  const stop = () => void spinner.stop();
  const start = setTimeout(() => spinner.start(), DELAY_MS);
  const count = timeoutMs === 0 ? undefined : countDown(spinner, text, timeoutMs);
  // The cursor comes back, whatever ends the process.
  process.once('exit', stop);
  try {
    return await work();
  } finally {
    clearTimeout(start);
    clearInterval(count);
    process.off('exit', stop);
    stop();
  }
}

function countDown(spinner: Spinner, text: string, timeoutMs: number): NodeJS.Timeout {
  const end = Date.now() + timeoutMs;
  const show = () => {
    spinner.text = `${text}, ${Math.max(0, Math.ceil((end - Date.now()) / 1000))} s left`;
  };
  show();
  return setInterval(show, 1000);
}
