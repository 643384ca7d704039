import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AuthError, AuthenticationError, CredentialError } from '../../../src/errors.ts';
import { credentialFilter } from '../../../src/logging/credential-filter.ts';
import { deferred } from '../../helpers/deferred.ts';
import { exchange, HandAuth, request, response, settled } from './by-hand.ts';

const failure = (promise: unknown): Promise<unknown> =>
  Promise.resolve(promise).then(
    () => undefined,
    (error) => error,
  );

describe('an abort', () => {
  it("rejects the caller's first wait at once, with his reason", async () => {
    const controller = new AbortController();
    const prepared = exchange(new HandAuth(new Promise<string>(() => {})), { signal: controller.signal }).prepare(
      request(),
    );
    const reason = new Error('enough');
    controller.abort(reason);
    expect(await failure(prepared)).toBe(reason);
  });

  it.each([undefined, 'text', 0])('keeps an odd reason (%s) as it is', async (reason) => {
    const controller = new AbortController();
    const prepared = exchange(new HandAuth(new Promise<string>(() => {})), { signal: controller.signal }).prepare(
      request(),
    );
    controller.abort(reason);
    expect(await failure(prepared)).toBe(controller.signal.reason);
  });

  it('during a shared renewal frees him and nobody else, and does not end the renewal', async () => {
    const renewal = deferred<string>();
    const auth = new HandAuth(['one', 'one', renewal.promise]);
    const controller = new AbortController();
    const attempt = request();
    const impatient = exchange(auth, { signal: controller.signal });
    const patient = exchange(auth);
    impatient.prepare(attempt);
    patient.prepare(attempt);
    const left = impatient.review(response(401, attempt));
    const stayed = patient.review(response(401, attempt));

    controller.abort();
    expect(await failure(left)).toBe(controller.signal.reason);
    renewal.resolve('two');

    expect(await stayed).toBe(true);
    const again = request();
    patient.prepare(again);
    expect(again.headers.get('authorization')).toBe('two');
  });

  it('never reaches the authenticator: no signal is part of what it is asked with', () => {
    const auth = new HandAuth();
    exchange(auth, { signal: new AbortController().signal }).prepare(request());
    expect(Object.keys(auth.contexts[0] ?? {})).toEqual(['request']);
  });

  it('of everybody who waited leaves a failing renewal without an unhandled rejection', async () => {
    const unhandled = vi.fn();
    process.on('unhandledRejection', unhandled);
    const renewal = deferred<string>();
    const controller = new AbortController();
    const prepared = exchange(new HandAuth(renewal.promise), { signal: controller.signal }).prepare(request());
    controller.abort();
    await failure(prepared);
    renewal.reject(new Error('too late to matter'));
    await settled();
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });

  it('before the call rejects it, even if the credential comes at once', async () => {
    const signal = AbortSignal.abort();
    expect(await failure(exchange(new HandAuth(Promise.resolve('one')), { signal }).prepare(request()))).toBe(
      signal.reason,
    );
  });

  it('after the credential is there means nothing', async () => {
    const controller = new AbortController();
    const attempt = request();
    await exchange(new HandAuth(Promise.resolve('one')), { signal: controller.signal }).prepare(attempt);
    controller.abort();
    expect(attempt.headers.get('authorization')).toBe('one');
  });

  it('leaves no listener on a signal that serves many calls', async () => {
    const { signal } = new AbortController();
    const added = vi.spyOn(signal, 'addEventListener');
    const removed = vi.spyOn(signal, 'removeEventListener');
    for (let i = 0; i < 3; i += 1) {
      await exchange(new HandAuth(Promise.resolve('one')), { signal }).prepare(request());
      await failure(exchange(new HandAuth(Promise.reject(new Error('no'))), { signal }).prepare(request()));
    }
    await settled();
    expect(added).toHaveBeenCalledTimes(6);
    expect(removed.mock.calls.map(([, listener]) => listener)).toEqual(
      added.mock.calls.map(([, listener]) => listener),
    );
  });
});

describe('an authenticator that fails', () => {
  const cause = new Error('the vault is sealed');

  it.each([
    [
      'throws',
      () => {
        throw cause;
      },
    ],
    ['rejects', () => Promise.reject(cause)],
  ])('and %s before the first send gives the caller a CredentialError that names it', async (_name, fails) => {
    const attempt = request();
    const error = await failure((async () => exchange(new HandAuth(fails)).prepare(attempt))());
    expect(error).toBeInstanceOf(CredentialError);
    expect(error).toMatchObject({ message: 'HandAuth could not provide a credential: the vault is sealed', cause });
    expect(attempt.headers.fields).toEqual({});
  });

  it.each([
    [
      'throws',
      () => {
        throw cause;
      },
    ],
    ['rejects', () => Promise.reject(cause)],
  ])('and %s in a renewal fails the call', async (_name, fails) => {
    const one = exchange(new HandAuth(['one', fails]));
    const attempt = request();
    one.prepare(attempt);
    expect(await failure((async () => one.review(response(401, attempt)))())).toMatchObject({ cause });
  });

  it('with an AuthError of its own is passed on as it is', async () => {
    const own = new AuthenticationError('locked out');
    expect(await failure(exchange(new HandAuth(Promise.reject(own))).prepare(request()))).toBe(own);
  });

  it('with something that is no error is quoted', async () => {
    const error = await failure(exchange(new HandAuth(Promise.reject('just text'))).prepare(request()));
    expect(error).toMatchObject({ message: 'HandAuth could not provide a credential: just text', cause: 'just text' });
  });

  it('and says a secret is masked in the message', async () => {
    credentialFilter.updateSecret('exchange.waiting', 'hunter2-the-long-one');
    const error = await failure(
      exchange(new HandAuth(Promise.reject(new Error('bad: hunter2-the-long-one')))).prepare(request()),
    );
    credentialFilter.removeSecret('exchange.waiting');
    expect((error as Error).message).toBe('HandAuth could not provide a credential: bad: *****');
  });

  it('to sign fails the call', async () => {
    const auth = new HandAuth();
    auth.modifyRequest = () => Promise.reject(cause);
    const one = exchange(auth);
    expect(await failure(one.prepare(request()))).toBe(cause);
    expect(one.signed).toBe(false);
    auth.modifyRequest = () => {
      throw cause;
    };
    expect(() => one.prepare(request())).toThrow(cause);
  });
});

describe('an authenticator that never answers', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('fails the call after deadlineMs', async () => {
    const error = failure(
      exchange(new HandAuth(new Promise<string>(() => {})), { deadlineMs: 5000 }).prepare(request()),
    );
    await vi.advanceTimersByTimeAsync(4999);
    expect(vi.getTimerCount()).toBe(1);
    await vi.advanceTimersByTimeAsync(1);

    expect(await error).toBeInstanceOf(AuthError);
    expect(await error).toMatchObject({ code: 'ERR_AUTH_TIMEOUT', message: expect.stringContaining("'deadlineMs'") });
    expect(((await error) as Error).message).toContain('HandAuth');
  });

  it('fails a renewal after deadlineMs, too', async () => {
    const one = exchange(new HandAuth(['one', new Promise<string>(() => {})]), { deadlineMs: 10 });
    const attempt = request();
    one.prepare(attempt);
    const error = failure(one.review(response(401, attempt)));
    await vi.advanceTimersByTimeAsync(10);
    expect(await error).toMatchObject({ code: 'ERR_AUTH_TIMEOUT' });
  });

  it('keeps the caller waiting for ever where there is no deadline', async () => {
    const ended = vi.fn();
    void failure(exchange(new HandAuth(new Promise<string>(() => {}))).prepare(request())).then(ended);
    await vi.advanceTimersByTimeAsync(1e9);
    expect(ended).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('costs no timer where it answers at once, and leaves none where it answers in time', async () => {
    exchange(new HandAuth(), { deadlineMs: 10 }).prepare(request());
    expect(vi.getTimerCount()).toBe(0);
    await exchange(new HandAuth(Promise.resolve('one')), { deadlineMs: 10 }).prepare(request());
    await vi.advanceTimersByTimeAsync(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('may take longer than a timer can count', async () => {
    const late = deferred<string>();
    const attempt = request();
    const prepared = exchange(new HandAuth(late.promise), { deadlineMs: 2 ** 40 }).prepare(attempt);
    await vi.advanceTimersByTimeAsync(1000);
    late.resolve('one');
    await prepared;
    expect(attempt.headers.get('authorization')).toBe('one');
  });
});
