import { afterEach, describe, expect, it, vi } from 'vitest';
import { simpleTokenStore } from '../../../src/tokens/simple-token-store.ts';
import type { TokenRecord } from '../../../src/tokens/store.ts';

afterEach(() => vi.restoreAllMocks());

const record = (accessToken: string): TokenRecord => ({ token: { accessToken, tokenType: 'Bearer' }, generation: 3 });
function open(map = new Map<string, string>(), singleProcess = true) {
  const own = { get: (key: string) => map.get(key), set: map.set.bind(map), delete: map.delete.bind(map) };
  return simpleTokenStore({ ...own, singleProcess });
}

describe('a store of three functions', () => {
  it('gives back what was written, and compares versions', async () => {
    const store = open();
    const first = await store.write('a', record('1'), undefined);
    expect(await store.read('a')).toEqual({ ...record('1'), version: first.ok && first.version });
    expect(await store.write('a', record('2'), undefined)).toMatchObject({ ok: false, current: record('1') });
    await store.delete('a', 'another version');
    expect(await store.read('a')).toMatchObject(record('1'));
    await store.delete('a');
    expect(await store.read('a')).toBeUndefined();
  });

  it('has one winner among many writers of this process', async () => {
    const slow = new Map<string, string>();
    const store = simpleTokenStore({
      get: async (key) => slow.get(key) ?? null,
      set: async (key, text) => void slow.set(key, text),
      delete: async (key) => slow.delete(key),
      singleProcess: true,
    });
    const results = await Promise.all(['1', '2', '3'].map((text) => store.write('a', record(text), undefined)));
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
  });

  it('takes what it cannot read for nothing, as any store of one process', async () => {
    for (const text of ['', 'x', 'null', '{}']) expect(await open(new Map([['a', text]])).read('a')).toBeUndefined();
  });

  it('says once what it cannot promise to several processes', () => {
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    open(new Map(), true);
    expect(warn).not.toHaveBeenCalled();
    open(new Map(), false);
    open(new Map(), false);
    expect(warn).toHaveBeenCalledOnce();
    expect(warn.mock.calls[0]?.[0]).toContain('singleProcess');
  });

  it('needs all three', () => {
    const { get, set } = new Map<string, string>();
    expect(() => simpleTokenStore({ get, set } as never)).toThrow("option 'delete' is missing");
  });
});
