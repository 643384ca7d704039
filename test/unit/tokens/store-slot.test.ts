import { describe, expect, it } from 'vitest';
import { StoreError } from '../../../src/errors.ts';
import { StoreSlot } from '../../../src/tokens/store-slot.ts';
import { settle, token } from './by-hand.ts';
import { WatchedStore } from './watched-store.ts';

const same = <T>(answer: T): T => answer;
const record = (accessToken: string) => ({ token: token(accessToken) });

function setUp(key: () => string | Promise<string> = () => 'k') {
  const store = new WatchedStore();
  return { store, slot: new StoreSlot(store, key, 30_000) };
}

describe('StoreSlot', () => {
  it('lets one in at a time, so that an old answer cannot undo what a newer one taught', async () => {
    const { store, slot } = setUp();
    let answer = () => {};
    store.before.read = () => new Promise((resolve) => (answer = resolve));
    const [read, written] = [slot.read(same), slot.write(() => record('a'), same)];
    await settle();
    expect(store.steps).toEqual(['read']);
    answer();
    await Promise.all([read, written]);
    expect(await slot.read(same)).toMatchObject(record('a'));
  });

  it('learns a version together with what stands under it, and writes what is known when its turn has come', async () => {
    const { store, slot } = setUp();
    await store.putByOther('k', token('theirs'));
    let known = 'nothing';
    const read = slot.read((stored) => {
      known = `after ${stored?.token?.accessToken}`;
    });
    await slot.write(() => record(known), same);
    await read;
    expect(await store.inner.read('k')).toMatchObject(record('after theirs'));
  });

  it('learns the version of the one who was faster', async () => {
    const { store, slot } = setUp();
    await store.putByOther('k', token('theirs'));
    expect(await slot.write(() => record('mine'), same)).toMatchObject({ ok: false, current: record('theirs') });
    expect(await slot.write(() => record('mine'), same)).toMatchObject({ ok: true });
  });

  it('asks for the key once for each renewal, and writes under another one as if nothing were known', async () => {
    let key = 'a';
    let asked = 0;
    const { store, slot } = setUp(async () => {
      asked += 1;
      return key;
    });
    await slot.write(() => record('a'), same);
    await slot.read(same);
    expect(asked).toBe(1);
    key = 'b';
    slot.renewKey();
    expect(await slot.write(() => record('b'), same)).toMatchObject({ ok: true });
    expect(await store.inner.read('a')).toMatchObject(record('a'));
    expect(await store.inner.read('b')).toMatchObject(record('b'));
  });

  it('nobody waits for a lease to be given back', async () => {
    const { store, slot } = setUp();
    store.before.release = () => new Promise(() => {});
    expect(await slot.underLease(new AbortController().signal, async () => 'done')).toBe('done');
  });

  it('hands a StoreError of the store on as it is, and wraps everything else', async () => {
    const { store, slot } = setUp();
    const own = new StoreError('locked');
    store.before.read = () => Promise.reject(own);
    await expect(slot.read(same)).rejects.toBe(own);
    store.before.read = () => {
      throw new Error('EACCES');
    };
    await expect(slot.read(same)).rejects.toMatchObject({ code: 'ERR_AUTH_STORE', cause: new Error('EACCES') });
  });
});
