const cell = new Int32Array(new SharedArrayBuffer(4));

/**
 * Milliseconds of processor time that this thread has used. Nothing that is measured here waits for anything but the
 * processor, and this clock, unlike the wall's, stands still while other processes have it: on a busy machine results
 * differ by one tenth instead of tenfold. The thread sleeps for a moment first, because Linux brings the clock up to date
 * only when a thread is switched off.
 */
export function cpuMs(): number {
  Atomics.wait(cell, 0, 0, 0.05);
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
