import { describe, expect, it } from 'vitest';
import type { AuthRequest } from '../../../src/lifecycle/contract.ts';
import type { Token } from '../../../src/tokens/token.ts';
import { fakeRequest } from '../../helpers/fake-request.ts';
import { token } from './by-hand.ts';
import { setUp } from './cache-by-hand.ts';

/** A cache whose source answers `t1`, `t2`, … as soon as it is asked. */
function counting(options: Parameters<typeof setUp>[0] = {}) {
  const scene = setUp(options);
  let calls = 0;
  scene.source.requestToken = async () => {
    calls += 1;
    return token(`t${calls}`);
  };
  return { ...scene, calls: () => calls };
}

describe('a permanent 401', () => {
  it('costs two token requests for the first call, and none for the next ones until timeToNextRequest has passed', async () => {
    const { cache, clock, calls } = counting();
    const t1 = await cache.get();
    const t2 = await cache.renew(t1);
    expect(t2.accessToken).toBe('t2');
    for (let i = 0; i < 20; i += 1) expect(cache.renew(t2)).toBe(t2);
    clock.pass(59_999);
    expect(cache.renew(t2)).toBe(t2);
    expect(calls()).toBe(2);
    clock.pass(1);
    const t3 = await cache.renew(t2);
    expect(cache.renew(t3)).toBe(t3);
    expect(calls()).toBe(3);
  });

  it('after a token that worked costs two renewals', async () => {
    const { cache, calls } = counting();
    const t1 = await cache.get();
    cache.accepted(t1);
    const t2 = await cache.renew(t1);
    const t3 = await cache.renew(t2);
    expect(cache.renew(t3)).toBe(t3);
    expect(calls()).toBe(3);
  });

  it('of a source that always has the same token costs two requests', async () => {
    const { cache, clock, source, first } = setUp();
    const t1 = await first(token('t1'));
    const renewed = cache.renew(t1);
    source.last.resolve(token('t1'));
    expect(await renewed).toBe(t1);
    expect(cache.renew(t1)).toBe(t1);
    expect(source.calls).toHaveLength(2);
    clock.pass(60_000);
    expect(cache.renew(t1)).toBeInstanceOf(Promise);
  });

  it('is renewed again for a demand that the token does not meet', async () => {
    const { cache, calls } = counting();
    const t2 = await cache.renew(await cache.get());
    expect(cache.renew(t2)).toBe(t2);
    const t3 = await cache.renew(t2, { claims: '{"access_token":{}}' });
    expect(t3.accessToken).toBe('t3');
    expect(cache.renew(t3, { claims: '{"access_token":{}}' })).toBe(t3);
    expect(calls()).toBe(3);
  });
});

it('a hopeless token is no reason not to take what another renewal brings', async () => {
  const { cache, source, first } = setUp();
  const t1 = await first(token('t1'));
  const renewed = cache.renew(t1);
  source.last.resolve(token('t1'));
  await renewed;
  const wide = cache.get({ scope: ['admin'] });
  const refused = cache.renew(t1);
  source.last.resolve(token('t2'));
  expect(await refused).toBe(await wide);
  expect(source.calls).toHaveLength(3);
});

describe('acceptance', () => {
  it('makes the next refusal a sign of wear: the token is renewed', async () => {
    const { cache, calls } = counting();
    let current: Token = await cache.get();
    for (let i = 2; i < 12; i += 1) {
      cache.accepted(current);
      current = await cache.renew(current);
      expect(calls()).toBe(i);
    }
  });

  it('ends the wait for good: the next fruitless renewal counts as the first', async () => {
    const { cache, calls } = counting();
    const t2 = await cache.renew(await cache.get());
    cache.accepted(t2);
    const t3 = await cache.renew(t2);
    const t4 = await cache.renew(t3);
    expect(t4.accessToken).toBe('t4');
    expect(cache.renew(t4)).toBe(t4);
    expect(calls()).toBe(4);
  });

  it('of an older token says nothing about the current one', async () => {
    const { cache, calls } = counting();
    const t1 = await cache.get();
    const t2 = await cache.renew(t1);
    cache.accepted(t1);
    expect(cache.renew(t2)).toBe(t2);
    expect(calls()).toBe(2);
  });

  it('ends with a refusal', async () => {
    const { cache, source, first } = setUp();
    const t1 = await first(token('t1'));
    cache.accepted(t1);
    for (const calls of [2, 3]) {
      const renewed = cache.renew(t1);
      source.last.resolve(token('t1'));
      expect(await renewed).toBe(t1);
      expect(source.calls).toHaveLength(calls);
    }
    expect(cache.renew(t1)).toBe(t1);
  });

  it('counts the refusal of many callers as one', async () => {
    const { cache, calls } = counting();
    const t1 = await cache.get();
    cache.accepted(t1);
    await Promise.all(Array.from({ length: 10 }, () => cache.renew(t1)));
    const t2 = await cache.get();
    const t3 = await cache.renew(t2);
    expect(t3.accessToken).toBe('t3');
    expect(calls()).toBe(3);
  });
});

describe('a page that refuses every token', () => {
  const never = fakeRequest({ url: 'https://api.example/never?page=1' });

  /** One call to the page, and one to another that accepts what came of it. */
  async function call({ cache }: ReturnType<typeof counting>, request: AuthRequest = never): Promise<void> {
    const first = await cache.get();
    const better = await cache.renew(first, undefined, request);
    if (better !== first) cache.refusedAgain(request);
    cache.accepted(await cache.get(), fakeRequest());
  }

  it('gets a third renewal only after timeToNextRequest', async () => {
    const scene = counting();
    for (let i = 0; i < 10; i += 1) await call(scene);
    expect(scene.calls()).toBe(3);
    scene.clock.pass(59_999);
    await call(scene);
    expect(scene.calls()).toBe(3);
    scene.clock.pass(1);
    await call(scene);
    expect(scene.calls()).toBe(4);
  });

  it('is the same page with another query, and another one with another path', async () => {
    const scene = counting();
    for (let i = 0; i < 5; i += 1) {
      await call(scene, fakeRequest({ url: `https://api.example/never?page=${i}` }));
    }
    expect(scene.calls()).toBe(3);
    await call(scene, fakeRequest({ url: 'https://api.example/other' }));
    expect(scene.calls()).toBe(4);
  });

  it('is given up only if it has refused twice in a row: a token can be revoked on its way', async () => {
    const scene = counting();
    for (let i = 2; i < 7; i += 1) {
      await call(scene);
      expect(scene.calls()).toBe(i);
      scene.cache.accepted(await scene.cache.get(), never);
    }
  });

  it('takes what others renew', async () => {
    const scene = counting();
    for (let i = 0; i < 3; i += 1) await call(scene);
    const t3 = await scene.cache.get();
    const t4 = await scene.cache.renew(t3, undefined, fakeRequest());
    expect(t4.accessToken).toBe('t4');
    expect(scene.cache.renew(t3, undefined, never)).toBe(t4);
  });

  it('is forgotten by a reset, and when a hundred others came after it', async () => {
    const scene = counting();
    for (let i = 0; i < 3; i += 1) await call(scene);
    scene.cache.reset();
    for (let i = 0; i < 3; i += 1) await call(scene);
    expect(scene.calls()).toBe(5);
    for (let i = 0; i < 100; i += 1) scene.cache.refusedAgain(fakeRequest({ url: `https://api.example/${i}` }));
    await call(scene);
    expect(scene.calls()).toBe(6);
  });
});

it.each(['reset', 'set'] as const)('%s lets a hopeless token be renewed again', async (way) => {
  const { cache, calls } = counting();
  const t2 = await cache.renew(await cache.get());
  expect(cache.renew(t2)).toBe(t2);
  if (way === 'set') await cache.set(token('mine'));
  else await cache[way]();
  await cache.renew(await cache.get());
  expect(calls()).toBe(3);
});
