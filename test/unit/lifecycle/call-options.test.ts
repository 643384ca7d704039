import { describe, expect, it, vi } from 'vitest';
import { ConfigurationError } from '../../../src/errors.ts';
import { type AuthCallOptions, type RefusedWhen, readCallOptions } from '../../../src/lifecycle/call-options.ts';
import { Exchange } from '../../../src/lifecycle/exchange.ts';
import { wire } from '../../../src/lifecycle/wiring.ts';
import { HandAuth, HOME, request, response } from './by-hand.ts';

function exchangeWith(call: AuthCallOptions, auth = new HandAuth(['one', 'two'])) {
  return { auth, one: new Exchange(wire('handAuth', auth, {}), undefined, HOME, call) };
}

/** What a call makes of an answer of this status. */
async function reviewed(status: number, call: AuthCallOptions, auth?: HandAuth, replayable = true) {
  const { auth: own, one } = exchangeWith(call, auth);
  const attempt = request({ replayable });
  await one.prepare(attempt);
  return { resend: await one.review(response(status, attempt)), auth: own, signed: one.signed };
}

describe('skipAuth', () => {
  it('sends as it is, asks nobody, and renews nothing', async () => {
    const { resend, auth, signed } = await reviewed(401, { skipAuth: true });
    expect([resend, auth.contexts.length, signed]).toEqual([false, 0, false]);
  });

  it('needs no origin', () => {
    const unbound = new Exchange(wire('handAuth', new HandAuth(), {}), undefined, undefined, { skipAuth: true });
    expect(unbound.prepare(request())).toBeUndefined();
  });
});

describe('resend: false', () => {
  it('hands the answer on, and renews for the next call', async () => {
    const { resend, auth } = await reviewed(401, { resend: false });
    expect([resend, auth.renewals]).toEqual([false, 1]);
  });

  it('holds where only another signature is wanted', async () => {
    class Nonce extends HandAuth {
      override checkResult() {
        return 'again' as const;
      }
    }
    expect((await reviewed(401, { resend: false }, new Nonce())).resend).toBe(false);
    expect((await reviewed(401, {}, new Nonce())).resend).toBe(true);
  });
});

describe('refusedWhen', () => {
  it.each<[string, number, RefusedWhen, boolean]>([
    ['a listed status', 403, [401, 403], true],
    ['a status that is not listed', 401, [403], false],
    ['a predicate that says yes', 200, () => true, true],
    ['a predicate that says no', 401, () => false, false],
    ['a predicate that takes its time', 419, async ({ status }) => status === 419, true],
  ])('%s', async (_name, status, refusedWhen, refused) => {
    expect((await reviewed(status, { refusedWhen })).resend).toBe(refused);
    expect((await reviewed(status, {}, new HandAuth(['one', 'two'], { refusedWhen }))).resend).toBe(refused);
  });

  it('of a call wins over that of the authenticator', async () => {
    const auth = () => new HandAuth(['one', 'two'], { refusedWhen: [403] });
    expect((await reviewed(403, { refusedWhen: [401] }, auth())).resend).toBe(false);
    expect((await reviewed(403, {}, auth())).resend).toBe(true);
  });

  it('leaves a server alone that wants another signature', async () => {
    class Nonce extends HandAuth {
      override checkResult() {
        return 'again' as const;
      }
    }
    const { resend, auth } = await reviewed(401, { refusedWhen: [403] }, new Nonce());
    expect([resend, auth.renewals]).toEqual([true, 0]);
  });

  it('that fails rejects this caller, and nobody else', async () => {
    const broken = () => {
      throw new Error('mine');
    };
    await expect(reviewed(401, { refusedWhen: broken })).rejects.toThrow('mine');
    await expect(reviewed(401, { refusedWhen: () => Promise.reject(new Error('mine')) })).rejects.toThrow('mine');
  });

  it('that never answers can be left', async () => {
    const gone = new AbortController();
    const one = new Exchange(wire('handAuth', new HandAuth(), {}), gone.signal, HOME, {
      refusedWhen: () => new Promise(() => undefined),
    });
    const attempt = request();
    one.prepare(attempt);
    const verdict = one.review(response(401, attempt));
    gone.abort(new Error('gone'));
    await expect(verdict).rejects.toThrow('gone');
  });
});

describe('onResend', () => {
  it('is told once, before the resend', async () => {
    const onResend = vi.fn();
    await reviewed(401, { onResend });
    expect(onResend.mock.calls).toEqual([[{ status: 401, reason: 'refused' }]]);
  });

  it.each([
    ['throws', () => Promise.reject(new Error('mine'))],
    [
      'rejects',
      () => {
        throw new Error('mine');
      },
    ],
  ])('harms nobody when it %s', async (_name, onResend) => {
    expect((await reviewed(401, { onResend })).resend).toBe(true);
  });

  it('is not told of an answer that stands', async () => {
    const onResend = vi.fn();
    await reviewed(401, { onResend, resend: false });
    await reviewed(200, { onResend });
    expect(onResend).not.toHaveBeenCalled();
  });
});

describe('a signature that takes its time', () => {
  it('can be left', async () => {
    const gone = new AbortController();
    class Slow extends HandAuth {
      override modifyRequest() {
        return new Promise<void>(() => undefined);
      }
    }
    const prepared = new Exchange(wire('handAuth', new Slow(), {}), gone.signal, HOME).prepare(request());
    gone.abort(new Error('gone'));
    await expect(prepared).rejects.toThrow('gone');
    const late = new Exchange(wire('handAuth', new Slow(), { deadlineMs: 1 }), undefined, HOME).prepare(request());
    await expect(late).rejects.toMatchObject({ code: 'ERR_AUTH_TIMEOUT' });
  });
});

describe('reading', () => {
  it('finds nothing in the options of most calls', () => {
    expect(readCallOptions({ method: 'GET', headers: {} })).toBeUndefined();
  });

  it.each([
    ['skipAuth', 'yes'],
    ['resend', 0],
    ['refusedWhen', 401],
    ['refusedWhen', ['401']],
    ['onResend', true],
  ])('refuses %s: %j', (option, value) => {
    expect(() => readCallOptions({ [option]: value })).toThrow(ConfigurationError);
    expect(() => readCallOptions({ [option]: value })).toThrow(expect.objectContaining({ option }));
  });

  it('takes nothing from prototypes', () => {
    expect(readCallOptions(Object.create({ skipAuth: true, resend: false }))).toEqual({});
  });
});
