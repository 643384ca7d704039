import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MAX_TIMER_MS, withDeadline } from '../../../src/tokens/deadline.ts';

const late = () => new Error('late');

describe('withDeadline', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('hands the outcome on and leaves no timer behind', async () => {
    const controller = new AbortController();
    expect(await withDeadline({ ms: 1000, controller, late }, async () => 7)).toBe(7);
    await expect(withDeadline({ ms: 1000, controller, late }, () => Promise.reject(new Error('no')))).rejects.toThrow(
      'no',
    );
    expect(vi.getTimerCount()).toBe(0);
  });

  it('rejects at the deadline and aborts the signal, even if the work goes on', async () => {
    const controller = new AbortController();
    const promise = withDeadline({ ms: 1000, controller, late }, () => new Promise(() => {}));
    promise.catch(() => undefined);
    await vi.advanceTimersByTimeAsync(999);
    expect(controller.signal.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    await expect(promise).rejects.toThrow('late');
    expect(controller.signal.reason).toEqual(late());
  });

  it('rejects at an abort and leaves no timer behind', async () => {
    const controller = new AbortController();
    const promise = withDeadline({ ms: 1000, controller, late }, () => new Promise(() => {}));
    controller.abort(new Error('enough'));
    await expect(promise).rejects.toThrow('enough');
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each([2 ** 31, 1e300, Number.POSITIVE_INFINITY])(
    '%d ms does not fire at once: the timer is clamped',
    async (ms) => {
      const spy = vi.spyOn(globalThis, 'setTimeout');
      const controller = new AbortController();
      withDeadline({ ms, controller, late }, () => new Promise(() => {})).catch(() => undefined);
      expect(spy).toHaveBeenLastCalledWith(expect.any(Function), MAX_TIMER_MS);
      await vi.advanceTimersByTimeAsync(1000);
      expect(controller.signal.aborted).toBe(false);
      spy.mockRestore();
    },
  );
});

it('the timer keeps no process alive', () => {
  const spy = vi.spyOn(globalThis, 'setTimeout');
  const controller = new AbortController();
  const promise = withDeadline({ ms: 60_000, controller, late }, () => new Promise(() => {}));
  const timer = spy.mock.results[0]?.value as NodeJS.Timeout;
  expect(timer.hasRef()).toBe(false);
  spy.mockRestore();
  controller.abort(new Error('done'));
  return expect(promise).rejects.toThrow('done');
});
