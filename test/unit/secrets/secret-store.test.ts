import { describe, expect, it } from 'vitest';
import { SecretStore } from '../../../src/secrets/secret-store.ts';

function storeAt(graceMs = 50) {
  const clock = { time: 0 };
  const changes: string[] = [];
  const store: SecretStore = new SecretStore({
    graceMs,
    now: () => clock.time,
    onChange: (value) => changes.push(`${store.has(value) ? '+' : '-'}${value}`),
  });
  return { clock, changes, store };
}

const random = (seed: number, length: number) =>
  Array.from({ length }, (_, i) => 'aB3_xY9zQ1wE7'.charAt((i * 31 + seed * 17 + ((i * i) % 7)) % 13)).join('') + seed;

describe('a store of secrets', () => {
  it('keeps the values of an owner that is released for the grace period', () => {
    const { clock, store, changes } = storeAt();
    const owner = {};
    store.set(owner, 'a', 'one');
    store.set(owner, 'b', 'two');
    store.release(owner);
    expect([...store.values()]).toEqual(['one', 'two']);
    clock.time = 50;
    store.purge();
    expect([...store.values()]).toEqual([]);
    expect(changes).toEqual(['+one', '+two', '-one', '-two']);
  });

  it('keeps what was replaced, however many owners go at once', () => {
    const { clock, store } = storeAt();
    const owner = {};
    store.set(owner, 'token', 'replaced');
    store.set(owner, 'token', 'newest');
    for (let index = 0; index < 3000; index += 1) {
      const other = {};
      store.set(other, 'token', random(index, 80));
      store.release(other);
    }
    expect([store.has('replaced'), store.has('newest')]).toEqual([true, true]);
    clock.time = 50;
    store.purge();
    expect([...store.values()]).toEqual(['newest']);
  });

  it('counts equal values of several owners once', () => {
    const { clock, store, changes } = storeAt();
    const [a, b] = [{}, {}];
    store.set(a, 'k', 'same');
    store.set(b, 'k', 'same');
    store.release(a);
    clock.time = 100;
    store.purge();
    expect(store.has('same')).toBe(true);
    store.release(b);
    clock.time = 200;
    store.purge();
    expect(changes).toEqual(['+same', '-same']);
  });

  it('takes new secrets of an owner that was released', () => {
    const { store } = storeAt();
    const owner = {};
    store.set(owner, 'k', 'one');
    store.release(owner);
    store.set(owner, 'k', 'two');
    expect(store.has('two')).toBe(true);
  });

  it('does not store a random value beyond its budget, and says so as long as its owner has it', () => {
    const { store } = storeAt();
    const owner = {};
    store.set(owner, 'big', random(1, 70_000));
    expect(store.overflow).toBe(1);
    store.set(owner, 'big', random(2, 70_000));
    expect(store.overflow).toBe(1);
    store.release(owner);
    expect(store.overflow).toBe(0);
    for (let i = 0; i < 50; i += 1) store.set(owner, `${i}`, random(i, 60_000));
    expect(store.overflow).toBeGreaterThan(10);
    expect(store.overflow).toBeLessThan(20);
    store.set(owner, 'words', 'a passphrase of '.repeat(8));
    expect(store.has('a passphrase of '.repeat(8))).toBe(true);
  });
});
