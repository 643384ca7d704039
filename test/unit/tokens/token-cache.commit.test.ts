import { describe, expect, it } from 'vitest';
import { StoreError } from '../../../src/errors.ts';
import { settle, stateOf, token } from './by-hand.ts';
import { HOUR, setUp as setUpCache } from './cache-by-hand.ts';
import { KEY, setUpStored as setUp } from './stored-cache-by-hand.ts';

describe('nothing is lost', () => {
  it('when a rotating token cannot be written: that is tried again before the token is used', async () => {
    const { cache, store, source, lived } = setUp();
    const breakIt = () => {
      store.before.write = () => Promise.reject(new Error('disk full'));
    };
    breakIt();
    const waiting = cache.get();
    await settle();
    source.last.resolve(lived('t1', HOUR, { refreshToken: 'rotated' }));
    await expect(waiting).rejects.toMatchObject({ code: 'ERR_AUTH_STORE', cause: new Error('disk full') });
    expect(cache.peek()).toBeUndefined();
    breakIt();
    await expect(cache.get()).rejects.toBeInstanceOf(StoreError);
    expect(await cache.get()).toMatchObject({ accessToken: 't1' });
    expect(await store.inner.read(KEY)).toMatchObject({ token: { refreshToken: 'rotated' } });
    expect(source.calls).toHaveLength(1);
    expect(store.steps.filter((step) => step === 'write')).toHaveLength(3);
  });

  it('when onToken fails: callers get the token, onRenewalFailed hears of it, and onToken is called again', async () => {
    let fail = true;
    const told: string[] = [];
    const failures: unknown[] = [];
    const { cache, clock, store, source, lived } = setUp({
      onToken: async ({ accessToken }) => {
        if (fail) throw new Error('disk full');
        told.push(accessToken);
      },
      onRenewalFailed: (error) => failures.push(error),
    });
    const waiting = cache.get();
    await settle();
    source.last.resolve(lived('t1', HOUR, { refreshToken: 'rotated' }));
    expect(await waiting).toMatchObject({ accessToken: 't1' });
    expect(cache.get()).toMatchObject({ accessToken: 't1' });
    expect(failures).toEqual([expect.objectContaining({ code: 'ERR_AUTH_STORE', cause: new Error('disk full') })]);
    fail = false;
    clock.pass(1000);
    await cache.settled();
    expect(told).toEqual(['t1']);
    expect(await store.inner.read(KEY)).toMatchObject({ token: { refreshToken: 'rotated' } });
    expect(source.calls).toHaveLength(1);
  });

  it('the living token serves while its successor cannot be committed', async () => {
    const { cache, clock, store, source, first, lived } = setUp();
    const t1 = await first('t1', { refreshToken: 'r1' });
    clock.pass(HOUR - 60_000);
    void cache.get();
    await settle();
    store.before.write = () => Promise.reject(new Error('disk full'));
    source.last.resolve(lived('t2', HOUR, { refreshToken: 'r2' }));
    await settle();
    const steps = store.steps.length;
    for (let i = 0; i < 20; i += 1) {
      expect(cache.get()).toBe(t1);
      await settle();
    }
    expect(store.steps).toHaveLength(steps);
    clock.pass(1000);
    expect(cache.get()).toBe(t1);
    await settle();
    expect(cache.get()).toMatchObject({ accessToken: 't2' });
    expect(source.calls).toHaveLength(2);
  });

  it('the next renewal uses the refresh token that could not be committed', async () => {
    const { cache, clock, store, source, first, lived } = setUp();
    const t1 = await first('t1', { refreshToken: 'r1' });
    const renewed = cache.renew(t1);
    await settle();
    store.before.write = () => Promise.reject(new Error('disk full'));
    source.last.resolve(lived('t2', 1000, { refreshToken: 'r2' }));
    await expect(renewed).rejects.toBeInstanceOf(StoreError);
    clock.pass(HOUR);
    void cache.get();
    await settle();
    expect(source.last.request.previous).toMatchObject({ refreshToken: 'r2' });
  });

  it('the store learns when the token was made, so that its whole life counts after a restart', async () => {
    const { clock, store, first } = setUp();
    await first();
    expect(await store.inner.read(KEY)).toMatchObject({ token: { obtainedAt: clock.wall } });
  });

  it('nobody gets a token before onToken is done', async () => {
    let done = () => {};
    const { cache, source, lived } = setUpCache({ onToken: () => new Promise((resolve) => (done = resolve)) });
    const waiting = cache.get();
    source.last.resolve(lived('t1'));
    expect(await stateOf(waiting)).toBe('pending');
    expect(cache.peek()).toBeUndefined();
    done();
    expect((await waiting).accessToken).toBe('t1');
  });

  it('onToken hears of tokens that the source made, not of those that were there already', async () => {
    const told: string[] = [];
    const { cache, store, source, lived } = setUp({ onToken: (made) => void told.push(made.accessToken) });
    await store.putByOther(KEY, lived('stored'));
    const stored = await cache.get();
    const renewed = cache.renew(stored);
    await settle();
    source.last.resolve(lived('made'));
    await renewed;
    await cache.set(token('given'));
    expect(told).toEqual(['made']);
  });

  it('a write whose answer was lost is recognised as our own, and the user is told', async () => {
    const told: string[] = [];
    const { cache, store, source, lived, lines } = setUp({ onToken: (made) => void told.push(made.accessToken) });
    const made = lived('t1', HOUR, { refreshToken: 'r1' });
    store.before.write = async () => {
      await store.putByOther(KEY, made);
      throw new Error('connection lost');
    };
    const waiting = cache.get();
    await settle();
    source.last.resolve(made);
    await expect(waiting).rejects.toBeInstanceOf(StoreError);
    expect(await cache.get()).toMatchObject({ accessToken: 't1' });
    expect(told).toEqual(['t1']);
    expect(lines.some(({ message }) => message === 'adopted from the store')).toBe(false);
    expect(source.calls).toHaveLength(1);
  });
});
