import { AsyncLocalStorage } from 'node:async_hooks';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { CredentialError, TokenEndpointError } from '../../../src/errors.ts';
import type { Token } from '../../../src/tokens/token.ts';
import { TokenCache } from '../../../src/tokens/token-cache.ts';
import { RefreshingHandSource, settle, token } from './by-hand.ts';
import { HOUR, setUp } from './cache-by-hand.ts';
import { setUpStored } from './stored-cache-by-hand.ts';

const refused = () => new TokenEndpointError('no', { kind: 'oauth-error', error: 'invalid_client', status: 401 });

describe('a callback that calls back in', () => {
  it('onToken has the new token already, and nobody waits for ever', async () => {
    const seen: Token[] = [];
    const { cache, source, lived } = setUp({
      onToken: async () => {
        await settle();
        seen.push(await cache.get());
      },
    });
    const waiting = cache.get();
    source.last.resolve(lived('t1'));
    expect((await waiting).accessToken).toBe('t1');
    expect(seen).toEqual([expect.objectContaining({ accessToken: 't1' })]);
  });

  it('a source that sends its request through the client that it serves fails at once', async () => {
    const cache: TokenCache = new TokenCache({ requestToken: async () => cache.get() });
    await expect(cache.get()).rejects.toThrow(/client of its own/);
  });

  it.each([
    ['at once', () => Promise.resolve()],
    ['after a while', settle],
  ])('set() in onRenewalFailed, %s, serves those who wait', async (_name, pause) => {
    const { cache, source } = setUp({
      onRenewalFailed: async () => {
        await pause();
        await cache.set(token('mine'));
      },
    });
    const waiting = cache.get();
    source.last.reject(refused());
    expect(await waiting).toMatchObject({ accessToken: 'mine' });
  });
});

describe('a callback that fails', () => {
  afterEach(() => void vi.useRealTimers());

  it.each<[string, () => unknown]>([
    ['rejects', () => Promise.reject(new Error('mine'))],
    [
      'throws',
      () => {
        throw new Error('mine');
      },
    ],
    ['returns a promise of another realm that rejects', () => runInNewContext('Promise.reject(new Error("theirs"))')],
    [
      'returns a thenable that throws',
      () => ({
        // biome-ignore lint/suspicious/noThenProperty: that is the case.
        get then() {
          throw new Error('then');
        },
      }),
    ],
  ])('onRenewalFailed that %s changes nothing, and ends no process', async (_name, onRenewalFailed) => {
    const { cache, source } = setUp({ onRenewalFailed });
    const waiting = cache.get();
    const error = refused();
    source.last.reject(error);
    await expect(waiting).rejects.toBe(error);
  });

  it('onRenewalFailed that hangs is waited for once, and not for long', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { cache, clock, source } = setUp({ onRenewalFailed: () => new Promise(() => {}), timeToNextRequestMs: 10 });
    for (const waitMs of [5000, 0]) {
      const outcome = expect(cache.get()).rejects.toMatchObject({ error: 'invalid_client' });
      source.last.reject(refused());
      await vi.advanceTimersByTimeAsync(waitMs);
      await outcome;
      clock.pass(10);
    }
  });

  it('onToken that hangs keeps the first callers for a while, and nobody afterwards', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { cache, clock, source, lived } = setUp({ onToken: () => new Promise(() => {}) });
    const waiting = cache.get();
    source.last.resolve(lived('t1', 1000));
    await vi.advanceTimersByTimeAsync(5000);
    expect(await waiting).toMatchObject({ accessToken: 't1' });
    expect(cache.get()).toMatchObject({ accessToken: 't1' });
    clock.pass(500);
    expect(cache.get()).toMatchObject({ accessToken: 't1' });
  });
});

describe('the asynchronous context of a request', () => {
  it('reaches neither source, store nor callback; a source may ask for it', async () => {
    const user = new AsyncLocalStorage<string>();
    const seen: [string, string | undefined][] = [];
    const see = (where: string) => void seen.push([where, user.getStore()]);
    const scene = setUpStored({ onToken: () => see('onToken'), onRenewalFailed: () => see('onRenewalFailed') });
    scene.store.before.read = () => see('read');
    scene.store.before.write = () => see('write');
    const neutral = {
      requestToken: async () => {
        see('source');
        return scene.lived('t1', HOUR);
      },
    };
    const options = { store: scene.store, storeKey: 'k', onToken: () => see('onToken') };
    await user.run('ada', async () => new TokenCache(neutral, options).get());
    await user.run('ada', async () => new TokenCache({ ...neutral, context: 'caller' }).get());
    expect(seen).toEqual([
      ['read', undefined],
      ['source', undefined],
      ['write', undefined],
      ['onToken', undefined],
      ['source', 'ada'],
    ]);
  });

  it('reaches waitUntil, which is told of each renewal', async () => {
    const user = new AsyncLocalStorage<string>();
    const seen: unknown[] = [];
    const { cache, source, lived } = setUp({ waitUntil: (work) => seen.push([user.getStore(), work]) });
    const waiting = user.run('ada', () => cache.get());
    source.last.resolve(lived('t1'));
    await waiting;
    expect(seen).toEqual([['ada', expect.any(Promise)]]);
  });
});

describe('a renewal that the runtime has ended with the request that began it', () => {
  it('is noticed by the clock, and made anew by whoever comes', async () => {
    const { cache, clock, source, lived } = setUp({ deadlineMs: 1000 });
    void cache.get();
    expect(source.calls).toHaveLength(1);
    // Its timers never fire, its request is never answered: only time passes.
    clock.pass(2001);
    const waiting = cache.get();
    expect(source.calls).toHaveLength(2);
    source.last.resolve(lived('t2'));
    expect((await waiting).accessToken).toBe('t2');
  });

  it('frees the store and its lease', async () => {
    const { cache, clock, source, lived } = setUpStored({ deadlineMs: 1000 });
    void cache.get();
    await settle();
    clock.pass(2001);
    const waiting = cache.get();
    await settle();
    expect(source.calls).toHaveLength(2);
    source.last.resolve(lived('t2'));
    expect((await waiting).accessToken).toBe('t2');
  });
});

describe('a fault that passes', () => {
  afterEach(() => void vi.useRealTimers());
  const busy = () => new TokenEndpointError('busy', { kind: 'http-status', status: 503 });
  const broken = (code: string) =>
    Object.assign(new TypeError('fetch failed'), { cause: Object.assign(new Error(code), { code }) });

  it.each<[string, () => Error]>([
    ['503', busy],
    ['502', () => new TokenEndpointError('bad', { kind: 'http-status', status: 502 })],
    ['a connection that is reset', () => broken('ECONNRESET')],
  ])('%s fails nobody: three requests in all', async (_name, fault) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { cache, source, lived } = setUp({ tries: 3 }, new RefreshingHandSource());
    const waiting = cache.get();
    for (let call = 1; call < 3; call += 1) {
      source.last.reject(fault());
      await vi.advanceTimersByTimeAsync(1000);
      expect(source.calls).toHaveLength(call + 1);
    }
    source.last.resolve(lived('t1'));
    expect((await waiting).accessToken).toBe('t1');
  });

  it('waits as long as the server asks, if the deadline leaves time for it', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { cache, clock, source, lived } = setUp({ tries: 3 }, new RefreshingHandSource());
    const waiting = cache.get();
    source.last.reject(
      new TokenEndpointError('busy', { kind: 'http-status', status: 429, retryAt: clock.wall + 7000 }),
    );
    await vi.advanceTimersByTimeAsync(6999);
    expect(source.calls).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    source.last.resolve(lived('t1'));
    expect((await waiting).accessToken).toBe('t1');
  });

  it.each<[string, () => Error, number]>([
    ['503: it was not used', busy, 2],
    ['no connection: it was not used', () => broken('ECONNREFUSED'), 2],
    ['a connection that is reset: it may have been used', () => broken('ECONNRESET'), 1],
    ['504: it may have been used', () => new TokenEndpointError('gave up', { kind: 'http-status', status: 504 }), 1],
  ])('a refresh token after %s', async (_name, fault, requests) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const first = token('t0', { expiresAt: 1, refreshToken: 'r0' });
    const { cache, source } = setUp({ tries: 3, token: first }, new RefreshingHandSource());
    const outcome = Promise.resolve(cache.get()).catch(() => undefined);
    source.last.reject(fault());
    await vi.advanceTimersByTimeAsync(1000);
    expect(source.calls).toHaveLength(requests);
    source.last.resolve(token('t1', { refreshToken: 'r1' }));
    await outcome;
  });

  it('is not tried again by asking a person once more', async () => {
    const { cache, source } = setUp({ tries: 3 }, new RefreshingHandSource());
    Object.assign(source, { interactive: true });
    const waiting = cache.get();
    source.last.reject(busy());
    await expect(waiting).rejects.toThrow('busy');
    expect(source.calls).toHaveLength(1);
  });
});

describe('leaving', () => {
  it('close() waits for the renewal under way and commits it; afterwards there are no tokens', async () => {
    const { cache, store, source, lived } = setUpStored();
    void Promise.resolve(cache.get()).catch(() => undefined);
    await settle();
    const closed = cache.close();
    source.last.resolve(lived('t1', HOUR, { refreshToken: 'r1' }));
    await closed;
    expect(await store.inner.read('tenant-1')).toMatchObject({ token: { refreshToken: 'r1' } });
    await expect(cache.get()).rejects.toBeInstanceOf(CredentialError);
  });

  it('newest() brings what the renewal under way makes, so that revoking leaves nothing alive', async () => {
    const { cache, source, first, lived } = setUp();
    void cache.renew(await first(lived('t1', HOUR, { refreshToken: 'r1' })));
    const newest = cache.newest();
    source.last.resolve(lived('t2', HOUR, { refreshToken: 'r2' }));
    expect(await newest).toMatchObject({ refreshToken: 'r2' });
  });

  it('a script that waits for a hung source ends with its error, not with code 13', { timeout: 30_000 }, async () => {
    const cache = new URL('../../../src/tokens/token-cache.ts', import.meta.url).href;
    const script = `import { TokenCache } from ${JSON.stringify(cache)};
      const cache = new TokenCache({ requestToken: () => new Promise(() => {}) }, { deadlineMs: 100 });
      await cache.get().catch((error) => console.log(error.kind));`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
    expect(stdout.trim()).toBe('timeout');
  });
});
