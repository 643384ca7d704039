import { describe, expect, it } from 'vitest';
import { ConfigurationError, CredentialError, LoginRequiredError, TokenEndpointError } from '../../../src/errors.ts';
import type { RenewalFailure } from '../../../src/tokens/token-cache-options.ts';
import { rememberedOf, settle, token } from './by-hand.ts';
import { HOUR, setUp } from './cache-by-hand.ts';

const invalidGrant = () =>
  new TokenEndpointError('refused', { kind: 'oauth-error', error: 'invalid_grant', status: 400 });
const down = (retryAt?: number) =>
  new TokenEndpointError('down', { kind: 'http-status', status: 503, ...(retryAt !== undefined && { retryAt }) });

/** Calls of the source while twenty callers come one after the other. */
async function twenty(cache: ReturnType<typeof setUp>['cache']): Promise<unknown[]> {
  const errors: unknown[] = [];
  for (let i = 0; i < 20; i += 1) {
    await Promise.resolve(cache.get()).catch((error: unknown) => errors.push(error));
  }
  return errors;
}

describe('a terminal failure', () => {
  it('is answered at once, as one object that says so, until timeToNextRequest has passed', async () => {
    const { cache, clock, source } = setUp({ timeToNextRequestMs: 45_000 });
    const error = invalidGrant();
    const waiting = cache.get();
    source.last.reject(error);
    await expect(waiting).rejects.toBe(error);
    const errors = await twenty(cache);
    expect(errors).toHaveLength(20);
    expect(new Set(errors).size).toBe(1);
    expect(errors[0]).toEqual(rememberedOf(error));
    clock.pass(44_999);
    await expect(cache.get()).rejects.toBe(errors[0]);
    expect(source.calls).toHaveLength(1);
    clock.pass(1);
    void cache.get();
    expect(source.calls).toHaveLength(2);
  });

  it.each([
    ['a wrong option', new ConfigurationError('no')],
    ['a login that only a person can do', new LoginRequiredError('no')],
    ['status 401', new TokenEndpointError('no', { kind: 'http-status', status: 401 })],
  ])('can be %s', async (_name, error) => {
    const { cache, clock, source } = setUp();
    const waiting = cache.get();
    source.last.reject(error);
    await expect(waiting).rejects.toBe(error);
    clock.pass(59_999);
    await expect(cache.get()).rejects.toEqual(rememberedOf(error));
    expect(source.calls).toHaveLength(1);
  });

  it('is never asked again when timeToNextRequest is infinite', async () => {
    const { cache, clock, source } = setUp({ timeToNextRequestMs: Number.POSITIVE_INFINITY });
    const waiting = cache.get();
    source.last.reject(invalidGrant());
    await expect(waiting).rejects.toThrow('refused');
    clock.pass(1e12);
    await expect(cache.get()).rejects.toThrow('refused (remembered until the credential changes; tokens.reset()');
    expect(source.calls).toHaveLength(1);
  });

  it.each(['set', 'reset'] as const)('is forgotten after %s', async (way) => {
    const { cache, source } = setUp();
    const waiting = cache.get();
    source.last.reject(invalidGrant());
    await expect(waiting).rejects.toThrow('refused');
    if (way === 'set') {
      await cache.set(token('mine'));
      expect(cache.get()).toMatchObject({ accessToken: 'mine' });
    } else {
      await cache[way]();
      void cache.get();
      expect(source.calls).toHaveLength(2);
    }
  });

  it('of a wider demand does not concern those who ask for less', async () => {
    const { cache, source, lived } = setUp();
    const wide = cache.get({ scope: ['admin'] });
    source.last.reject(new TokenEndpointError('no', { kind: 'oauth-error', error: 'invalid_scope', status: 400 }));
    await expect(wide).rejects.toThrow('no');
    const narrow = cache.get();
    source.last.resolve(lived('t1'));
    expect((await narrow).accessToken).toBe('t1');
  });
});

describe('a transient failure', () => {
  it('backs off with full jitter, longer each time', async () => {
    const { cache, clock, source } = setUp();
    for (const [failures, wait] of [250, 500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000].entries()) {
      const waiting = cache.get();
      expect(source.calls).toHaveLength(failures + 1);
      source.last.reject(down());
      await expect(waiting).rejects.toThrow('down');
      clock.pass(wait - 1);
      await expect(cache.get()).rejects.toThrow('down');
      expect(source.calls).toHaveLength(failures + 1);
      clock.pass(1);
    }
  });

  it('asks the source once for twenty callers of an outage', async () => {
    const { cache, source } = setUp();
    const waiting = cache.get();
    source.last.reject(new TypeError('fetch failed'));
    await expect(waiting).rejects.toBeInstanceOf(CredentialError);
    const errors = await twenty(cache);
    expect(new Set(errors).size).toBe(1);
    expect((errors[0] as Error).cause).toEqual(new TypeError('fetch failed'));
    expect(source.calls).toHaveLength(1);
  });

  it('honours Retry-After, up to 300 s', async () => {
    const { cache, clock, source } = setUp();
    const waiting = cache.get();
    source.last.reject(down(clock.wall + 7000));
    await expect(waiting).rejects.toThrow('down');
    clock.pass(6999);
    await expect(cache.get()).rejects.toThrow('down');
    clock.pass(1);
    const again = cache.get();
    source.last.reject(down(clock.wall + 24 * HOUR));
    await expect(again).rejects.toThrow('down');
    clock.pass(299_999);
    await expect(cache.get()).rejects.toThrow('down');
    expect(source.calls).toHaveLength(2);
    clock.pass(1);
    void cache.get();
    expect(source.calls).toHaveLength(3);
  });

  it('starts counting anew after a success', async () => {
    const { cache, clock, source, lived } = setUp();
    for (const wait of [250, 500]) {
      const waiting = cache.get();
      source.last.reject(down());
      await expect(waiting).rejects.toThrow('down');
      clock.pass(wait);
    }
    const waiting = cache.get();
    source.last.resolve(lived('t1'));
    const renewed = cache.renew(await waiting);
    source.last.reject(down());
    await expect(renewed).rejects.toThrow('down');
    clock.pass(250);
    void cache.renew(await waiting);
    expect(source.calls).toHaveLength(5);
  });

  it('of a wider demand concerns everybody', async () => {
    const { cache, source } = setUp();
    const wide = cache.get({ scope: ['admin'] });
    source.last.reject(down());
    await expect(wide).rejects.toThrow('down');
    await expect(cache.get()).rejects.toThrow('down');
    expect(source.calls).toHaveLength(1);
  });

  it('reaches whoever was refused a token, even if the token meets what the renewal is for', async () => {
    const { cache, clock, source, first, lived } = setUp();
    await first();
    const stepUp = { claims: '{"a":1}' };
    const stepping = cache.get(stepUp);
    source.last.resolve(lived('t2'));
    const t2 = await stepping;
    clock.pass(HOUR - 60_000);
    expect(cache.get()).toBe(t2);
    const renewed = cache.renew(t2, stepUp);
    const error = down();
    source.last.reject(error);
    await expect(renewed).rejects.toEqual(rememberedOf(error));
  });

  it('of the renewal before answers a wider demand that waited for it', async () => {
    const { cache, source } = setUp();
    const narrow = cache.get();
    const wide = cache.get({ scope: ['a'] });
    const error = down();
    source.last.reject(error);
    await expect(narrow).rejects.toBe(error);
    await expect(wide).rejects.toEqual(rememberedOf(error));
    expect(source.calls).toHaveLength(1);
  });
});

describe('while the token still lives', () => {
  it('a renewal ahead fails in silence, backs off, and is told to onRenewalFailed', async () => {
    const told: [unknown, RenewalFailure][] = [];
    const { cache, clock, source, first } = setUp({ onRenewalFailed: (error, failure) => told.push([error, failure]) });
    const t1 = await first();
    clock.pass(HOUR - 60_000);
    expect(cache.get()).toBe(t1);
    const error = down();
    source.last.reject(error);
    await settle();
    expect([cache.get(), cache.get()]).toEqual([t1, t1]);
    expect(source.calls).toHaveLength(2);
    expect(told).toEqual([[error, { reason: 'ahead', terminal: false, nextTryInMs: 250 }]]);
    clock.pass(250);
    expect(cache.get()).toBe(t1);
    expect(source.calls).toHaveLength(3);
  });

  it('the failure reaches those who were refused it, at once and without another request', async () => {
    const { cache, source, first } = setUp();
    const t1 = await first();
    const error = invalidGrant();
    const renewed = cache.renew(t1);
    source.last.reject(error);
    await expect(renewed).rejects.toBe(error);
    await expect(cache.renew(t1)).rejects.toEqual(rememberedOf(error));
    expect(cache.get()).toBe(t1);
    expect(source.calls).toHaveLength(2);
  });

  it('a listener that throws breaks nothing', async () => {
    const { cache, source } = setUp({
      onRenewalFailed: () => {
        throw new Error('listener');
      },
    });
    const waiting = cache.get();
    source.last.reject(down());
    await expect(waiting).rejects.toThrow('down');
  });
});

describe('options', () => {
  it.each([
    ['skewMs', -1],
    ['refreshAheadMs', Number.NaN],
    ['deadlineMs', -5],
    ['timeToNextRequestMs', '60' as never],
  ])('%s: %s is a configuration error that names it', (option, value) => {
    expect(() => setUp({ [option]: value })).toThrow(
      expect.objectContaining({ option, code: 'ERR_AUTH_CONFIGURATION' }),
    );
  });
});
