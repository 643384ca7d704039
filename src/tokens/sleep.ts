/** Waits, but no longer than the signal allows. Keeps no process alive. */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      if (signal.aborted) reject(signal.reason);
      else resolve();
    };
    const timer = setTimeout(end, ms);
    (timer as { unref?(): void }).unref?.();
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
  });
}
