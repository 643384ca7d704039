import type { TokenCacheOptions } from '../../../src/tokens/token-cache-options.ts';
import { settle } from './by-hand.ts';
import { HOUR, setUp } from './cache-by-hand.ts';
import { WatchedStore } from './watched-store.ts';

export const KEY = 'tenant-1';

/** A cache on hand-driven clocks and source, with a store. */
export function setUpStored(options: TokenCacheOptions = {}) {
  const store = new WatchedStore();
  const scene = setUp({ store, storeKey: KEY, ...options });
  /** Lets the source make a first token. */
  const first = async (accessToken = 't1', more = {}) => {
    const waiting = scene.cache.get();
    await settle();
    scene.source.last.resolve(scene.lived(accessToken, HOUR, more));
    return waiting;
  };
  return { ...scene, store, first };
}
