import { runInNewContext } from 'node:vm';
import { describe, expect, it, vi } from 'vitest';
import { chain, isPromise, race } from '../../../src/lifecycle/promises.ts';
import { deferred } from '../../helpers/deferred.ts';

const foreign = runInNewContext('Promise.resolve(1)') as Promise<number>;

describe('isPromise', () => {
  it.each([
    ['a promise', Promise.resolve(), true],
    ['a promise of another realm', foreign, true],
    ['undefined', undefined, false],
    ['null', null, false],
    ['text', 'then', false],
    ['an object', { next() {} }, false],
  ])('%s: %s', (_name, value, expected) => {
    expect(isPromise(value as never)).toBe(expected);
  });
});

describe('chain', () => {
  it('goes on at once with a value', () => {
    expect(chain(1, (value) => value + 1)).toBe(2);
  });

  it('throws at once what the next step throws', () => {
    expect(() =>
      chain(1, () => {
        throw new Error('now');
      }),
    ).toThrow('now');
  });

  it.each([Promise.resolve(1), foreign])('waits for a promise', async (promise) => {
    const result = chain(promise, (value) => value + 1);
    expect(isPromise(result)).toBe(true);
    expect(await result).toBe(2);
  });
});

describe('race', () => {
  it('is the promise itself where there is no signal', () => {
    const promise = Promise.resolve(1);
    expect(race(promise, undefined)).toBe(promise);
  });

  it.each([
    ['a value', () => Promise.resolve(1), { status: 'fulfilled', value: 1 }],
    ['a failure', () => Promise.reject('no'), { status: 'rejected', reason: 'no' }],
  ])('follows the promise to %s, and lets go of the signal', async (_name, make, expected) => {
    const { signal } = new AbortController();
    const removed = vi.spyOn(signal, 'removeEventListener');
    expect(await Promise.allSettled([race<number>(make(), signal)])).toEqual([expected]);
    await Promise.resolve();
    expect(removed).toHaveBeenCalledOnce();
  });

  it('rejects at the abort, and leaves the promise to others', async () => {
    const work = deferred<number>();
    const controller = new AbortController();
    const raced = race(work.promise, controller.signal);
    const reason = new Error('enough');
    controller.abort(reason);
    await expect(raced).rejects.toBe(reason);
    work.resolve(1);
    expect(await work.promise).toBe(1);
  });
});
