import { describe, expect, it } from 'vitest';
import { StoreError } from '../../../src/errors.ts';
import { StoreSlot } from '../../../src/tokens/store-slot.ts';
import { settle, token } from './by-hand.ts';
import { WatchedStore } from './watched-store.ts';

function setUp() {
  const store = new WatchedStore();
  return { store, slot: new StoreSlot(store, 'k') };
}

describe('StoreSlot', () => {
  it('says whether somebody else has been there since it last looked', async () => {
    const { store, slot } = setUp();
    expect(await slot.read()).toEqual({ stored: undefined, changed: false });
    await store.putByOther('k', token('a'));
    expect(await slot.read()).toMatchObject({ stored: { token: { accessToken: 'a' } }, changed: true });
    expect(await slot.read()).toMatchObject({ changed: false });
    await slot.commit(token('b'), false);
    expect(await slot.read()).toMatchObject({ stored: { token: { accessToken: 'b' } }, changed: false });
    await store.inner.delete('k');
    expect(await slot.read()).toEqual({ stored: undefined, changed: true });
  });

  it('lets one in at a time, so that an old answer cannot undo what a newer one taught', async () => {
    const { store, slot } = setUp();
    let answer = () => {};
    store.before.read = () => new Promise((resolve) => (answer = resolve));
    const [read, written] = [slot.read(), slot.commit(token('a'), false)];
    await settle();
    expect(store.steps).toEqual(['read']);
    answer();
    await Promise.all([read, written]);
    expect(await slot.read()).toMatchObject({ changed: false });
  });

  it('learns the version of the one who was faster', async () => {
    const { store, slot } = setUp();
    await store.putByOther('k', token('theirs'));
    expect(await slot.commit(token('mine'), false)).toMatchObject({ ok: false });
    expect(await slot.commit(token('mine'), false)).toMatchObject({ ok: true });
  });

  it('overrides whoever is faster, though not for ever', async () => {
    const { store, slot } = setUp();
    await store.putByOther('k', token('theirs'));
    expect(await slot.commit(token('mine'), true)).toMatchObject({ ok: true });
    store.inner.write = async () => ({ ok: false, current: undefined });
    expect(await slot.commit(token('mine'), true)).toMatchObject({ ok: false });
  });

  it('hands a StoreError of the store on as it is, and wraps everything else', async () => {
    const { store, slot } = setUp();
    const own = new StoreError('locked');
    store.before.read = () => Promise.reject(own);
    await expect(slot.read()).rejects.toBe(own);
    store.before.read = () => {
      throw new Error('EACCES');
    };
    await expect(slot.read()).rejects.toMatchObject({ code: 'ERR_AUTH_STORE', cause: new Error('EACCES') });
  });
});
