import { describe, expect, it } from 'vitest';
import type { AuthRequest, AuthResponse, Verdict } from '../../../src/lifecycle/contract.ts';
import { deferred } from '../../helpers/deferred.ts';
import { call, exchange, HandAuth, request, response } from './by-hand.ts';

describe('a refusal', () => {
  it('renews once, and the resend carries what was renewed', async () => {
    const auth = new HandAuth(['one', Promise.resolve('two')]);
    expect(await call(auth, [401, 200])).toEqual({ sent: ['one', 'two'], status: 200 });
    expect(auth.renewals).toBe(1);
  });

  it('tells the authenticator what was refused, and by which answer', async () => {
    const auth = new HandAuth(['one', 'two']);
    const attempt = request();
    const one = exchange(auth);
    one.prepare(attempt);
    const answer = response(401, attempt);
    one.review(answer);

    expect(auth.contexts[1]).toEqual({ request: attempt, refused: { credential: 'one', response: answer } });
  });

  it('that comes late is told from a real one: the current credential is resent, nobody is asked for a new one', async () => {
    // What every caching authenticator does: only who has the current credential refused renews.
    class Caching extends HandAuth {
      current = 'one';
      renewed = 0;
      override authenticate(context: Parameters<HandAuth['authenticate']>[0]) {
        if (context.refused?.credential === this.current) {
          this.renewed += 1;
          this.current = 'two';
        }
        return this.current;
      }
    }
    const auth = new Caching();
    const calls = Array.from({ length: 10 }, () => ({ one: exchange(auth), attempt: request() }));
    for (const { one, attempt } of calls) one.prepare(attempt);

    const verdicts = calls.map(({ one, attempt }) => one.review(response(401, attempt)));

    expect(verdicts).toEqual(Array(10).fill(true));
    expect(auth.renewed).toBe(1);
    const again = calls.map(({ one }) => {
      const attempt = request();
      one.prepare(attempt);
      return attempt.headers.get('authorization');
    });
    expect(again).toEqual(Array(10).fill('two'));
  });

  it.each([
    ['at once', 'one'],
    ['later', Promise.resolve('one')],
  ])('that is answered with the same credential %s stands', async (_name, same) => {
    const auth = new HandAuth(['one', same]);
    expect(await call(auth, [401])).toEqual({ sent: ['one'], status: 401 });
  });

  it('compares credentials as the authenticator gives them: an equal object is another credential', async () => {
    const auth = new HandAuth([{ token: 'one' }, { token: 'one' }] as never);
    auth.modifyRequest = () => {};
    expect((await call(auth, [401, 401])).sent).toHaveLength(2);
  });

  it('of the resend stands, however often more would be on offer', async () => {
    const auth = new HandAuth(['one', 'two', 'three', 'four']);
    expect(await call(auth, [401, 401])).toEqual({ sent: ['one', 'two'], status: 401 });
    expect(auth.renewals).toBe(1);
  });

  it.each([200, 204, 301, 400, 402, 403, 404, 407, 419, 429, 500, 503])('is nothing that %i means', async (status) => {
    const auth = new HandAuth();
    expect(await call(auth, [status])).toEqual({ sent: ['one'], status });
    expect(auth.renewals).toBe(0);
    expect(auth.accepted).toEqual(status < 500 ? ['one'] : []);
  });

  it('is over with its resend: what the client itself sends again gets the credential of its time', () => {
    const auth = new HandAuth(['one', 'two', 'three']);
    const one = exchange(auth);
    const attempt = request();
    one.prepare(attempt);
    one.review(response(401, attempt));
    const sent = [request(), request()].map((again) => {
      one.prepare(again);
      one.review(response(503, again));
      return again.headers.get('authorization');
    });
    expect(sent).toEqual(['two', 'three']);
  });

  it('says nothing about a credential that was not sent', () => {
    const auth = new HandAuth();
    const one = exchange(auth, { headerPolicy: 'preserve' });
    const attempt = request({ headers: { Authorization: "the caller's" }, policy: 'preserve' });
    one.prepare(attempt);

    expect(one.signed).toBe(false);
    expect(one.review(response(401, attempt))).toBe(false);
    expect([auth.renewals, auth.accepted]).toEqual([0, []]);
  });
});

describe('a body that can be sent only once', () => {
  const oneShot = { replayable: false };

  it('is not resent; the credential is renewed for the next call', async () => {
    const auth = new HandAuth(['one', 'two']);
    expect(await call(auth, [401], oneShot)).toEqual({ sent: ['one'], status: 401 });
    expect(auth.renewals).toBe(1);
    expect((await call(auth, [200])).sent).toEqual(['two']);
  });

  it('does not make its owner wait for that', () => {
    const auth = new HandAuth(['one', new Promise<string>(() => {})]);
    const one = exchange(auth);
    const attempt = request(oneShot);
    one.prepare(attempt);
    expect(one.review(response(401, attempt))).toBe(false);
  });

  it.each([
    ['rejects', () => Promise.reject(new Error('no token today'))],
    [
      'throws',
      () => {
        throw new Error('no token today');
      },
    ],
  ])('hands its 401 on although the renewal %s', async (_name, fails) => {
    expect((await call(new HandAuth(['one', fails]), [401], oneShot)).status).toBe(401);
  });

  it("is not signed 'again' either", async () => {
    const auth = new HandAuth();
    auth.checkResult = () => 'again';
    expect(await call(auth, [401], oneShot)).toEqual({ sent: ['one'], status: 401 });
    expect(auth.renewals).toBe(0);
  });
});

/** Judges by status: 200 stands, 499 wants another signature, 403 and 401 refuse. */
class Judge extends HandAuth {
  override checkResult({ status }: AuthResponse): Verdict {
    return status === 499 ? 'again' : status !== 401 && status !== 403;
  }
}

describe('checkResult', () => {
  it("asks for another signature with 'again', which renews nothing", async () => {
    const auth = new Judge();
    const signatures: string[] = [];
    auth.modifyRequest = ({ headers }: AuthRequest, credential: string) => {
      signatures.push(`${credential} nonce ${signatures.length}`);
      headers.set('authorization', signatures.at(-1) as string);
    };
    expect(await call(auth, [499, 200])).toEqual({ sent: ['one nonce 0', 'one nonce 1'], status: 200 });
    expect(auth.contexts).toHaveLength(1);
  });

  it.each([
    { statuses: [499, 499, 499], sent: ['one', 'one', 'one'] },
    { statuses: [499, 499, 401], sent: ['one', 'one', 'one'] },
    { statuses: [499, 401, 200], sent: ['one', 'one', 'two'] },
    { statuses: [401, 499, 200], sent: ['one', 'two', 'two'] },
    { statuses: [499, 401, 499], sent: ['one', 'one', 'two'] },
    { statuses: [401, 499, 401], sent: ['one', 'two', 'two'] },
    { statuses: [499, 401, 401], sent: ['one', 'one', 'two'] },
  ])('makes three sends at the very most, with one renewal: $statuses', async ({ statuses, sent }) => {
    const auth = new Judge(['one', 'two', 'three', 'four']);
    expect(await call(auth, statuses)).toEqual({ sent, status: statuses.at(-1) });
    expect(auth.renewals).toBeLessThanOrEqual(1);
  });

  it('may take a 403 for a refusal', async () => {
    expect(await call(new Judge(['one', 'two']), [403, 200])).toEqual({ sent: ['one', 'two'], status: 200 });
  });

  it('may find a refusal in the body of a 200', async () => {
    class ByText extends HandAuth {
      override async checkResult({ readText }: AuthResponse) {
        return !(await readText?.())?.includes('token expired');
      }
    }
    const auth = new ByText(['one', 'two']);
    const one = exchange(auth);
    const judge = async (text: string) => {
      const attempt = request();
      await one.prepare(attempt);
      return one.review(response(200, attempt, { readText: async () => text }));
    };

    expect(await judge('{"error":"token expired"}')).toBe(true);
    expect(await judge('{"data":1}')).toBe(false);
    expect(auth.accepted).toEqual(['two']);
  });

  it('is asked with the credential that was sent', async () => {
    const seen: unknown[] = [];
    const auth = new HandAuth(['one', 'two']);
    auth.checkResult = ({ status }, credential) => {
      seen.push([status, credential]);
      return status === 200;
    };
    await call(auth, [401, 200]);
    expect(seen).toEqual([
      [401, 'one'],
      [200, 'two'],
    ]);
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('unreadable');
      },
    ],
    ['rejects', () => Promise.reject(new Error('unreadable'))],
  ])('that %s fails the call', async (_name, checkResult) => {
    const auth = new HandAuth();
    auth.checkResult = checkResult;
    await expect(call(auth, [200])).rejects.toThrow('unreadable');
  });
});

describe('onAccepted', () => {
  it('is told of every answer that stands, but of no refusal and of no failing server', async () => {
    const auth = new HandAuth(['one', 'two']);
    await call(auth, [401, 200]);
    await call(auth, [403]);
    await call(auth, [500]);
    expect(auth.accepted).toEqual(['two', 'two']);
  });

  it('is told before the caller has the answer', () => {
    const auth = new HandAuth();
    const one = exchange(auth);
    const attempt = request();
    one.prepare(attempt);
    one.review(response(200, attempt));
    expect(auth.accepted).toEqual(['one']);
  });
});

describe('onRefusedAgain', () => {
  it.each([
    ['a renewal that was refused as well', [401, 401], ['two']],
    ['one that was accepted', [401, 200], []],
    ['a single refusal', [200], []],
  ])('is told of %s: %j', async (_name, statuses, told) => {
    const auth = new HandAuth(['one', 'two', 'three']);
    const seen: string[] = [];
    await call(Object.assign(auth, { onRefusedAgain: (credential: string) => seen.push(credential) }), statuses);
    expect(seen).toEqual(told);
  });
});

describe('a valid credential', () => {
  it('costs no promise: nothing to await before sending, nor after the answer', () => {
    const one = exchange(new HandAuth());
    const attempt = request();
    expect(one.prepare(attempt)).toBeUndefined();
    expect(attempt.headers.fields).toEqual({ authorization: 'one' });
    expect(one.signed).toBe(true);
    expect(one.review(response(200, attempt))).toBe(false);
  });

  it('costs none either where a refusal finds another one at hand', () => {
    const one = exchange(new HandAuth(['one', 'two']));
    const attempt = request();
    one.prepare(attempt);
    expect(one.review(response(401, attempt))).toBe(true);
    expect(one.prepare(request())).toBeUndefined();
  });
});

it('counts as signed only when the signature is there', async () => {
  const signature = deferred();
  const auth = new HandAuth();
  auth.modifyRequest = ({ headers }: AuthRequest) => signature.promise.then(() => headers.set('signature', 'x'));
  const one = exchange(auth);
  const attempt = request();
  const prepared = one.prepare(attempt);
  expect(one.signed).toBe(false);
  signature.resolve();
  await prepared;
  expect([one.signed, attempt.headers.fields]).toEqual([true, { signature: 'x' }]);
});
