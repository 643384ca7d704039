import { describe, expect, it } from 'vitest';
import { run, type Wire } from '../../../src/lifecycle/loop.ts';
import { deferred } from '../../helpers/deferred.ts';
import { exchange, HandAuth, type HandRequest, type RequestOptions, request, response } from './by-hand.ts';

interface Answer {
  readonly status: number;
}

/** A client that answers with these statuses, and writes down what was done. */
class HandWire implements Wire<HandRequest, Answer> {
  readonly log: string[] = [];
  readonly #statuses: number[];
  readonly #options: RequestOptions;
  freed: () => void | Promise<void> = () => {};

  constructor(statuses: readonly number[], options: RequestOptions = {}) {
    this.#statuses = [...statuses];
    this.#options = options;
  }

  request(): HandRequest {
    return request(this.#options);
  }

  async send({ headers }: HandRequest): Promise<Answer> {
    const status = this.#statuses.shift();
    if (status === undefined) throw new Error('sent too often');
    this.log.push(`send ${headers.get('authorization')}`);
    return { status };
  }

  follow(answer: Answer): Answer {
    return answer;
  }

  deliver(answer: Answer): Answer {
    return answer;
  }

  response({ status }: Answer, to: HandRequest) {
    return response(status, to);
  }

  discard({ status }: Answer): void | Promise<void> {
    this.log.push(`discard ${status}`);
    return this.freed();
  }
}

const go = (auth: HandAuth, wire: HandWire) => run(exchange(auth), wire);

describe('the loop', () => {
  it.each([
    { statuses: [200], log: ['send one'] },
    { statuses: [500], log: ['send one'] },
    { statuses: [401, 200], log: ['send one', 'discard 401', 'send two'] },
    { statuses: [401, 401], log: ['send one', 'discard 401', 'send two'] },
    { statuses: [401, 503], log: ['send one', 'discard 401', 'send two'] },
  ])('sends until an answer stands: $statuses', async ({ statuses, log }) => {
    const wire = new HandWire(statuses);
    expect(await go(new HandAuth(['one', 'two', 'three']), wire)).toEqual({ status: statuses.at(-1) });
    expect(wire.log).toEqual(log);
  });

  it('signs a fresh copy of the request each time', async () => {
    const wire = new HandWire([401, 200], { headers: Object.freeze({ accept: 'a/b' }) as Record<string, string> });
    const auth = new HandAuth(['one', 'two']);
    auth.modifyRequest = ({ headers }, credential) => headers.set(`x-${credential}`, credential);
    const seen: string[][] = [];
    wire.request = () => request({ headers: { accept: 'a/b' } });
    const { send } = wire;
    wire.send = (attempt) => {
      seen.push(Object.keys(attempt.headers.fields));
      return send.call(wire, attempt);
    };
    await go(auth, wire);
    expect(seen).toEqual([
      ['accept', 'x-one'],
      ['accept', 'x-two'],
    ]);
  });

  it('leaves an answer that stands alone', async () => {
    const wire = new HandWire([401]);
    expect(await go(new HandAuth(), wire)).toEqual({ status: 401 });
    expect(wire.log).toEqual(['send one']);
  });

  it('sends again only when the refused answer has been freed', async () => {
    const freed = deferred();
    const wire = new HandWire([401, 200]);
    const discarded = new Promise<void>((resolve) => {
      wire.freed = () => {
        resolve();
        return freed.promise;
      };
    });
    const answer = go(new HandAuth(['one', 'two']), wire);
    await discarded;
    expect(wire.log).toEqual(['send one', 'discard 401']);
    freed.resolve();
    expect(await answer).toEqual({ status: 200 });
  });

  it('sends nothing before the credential is there, and nothing without it', async () => {
    const first = deferred<string>();
    const wire = new HandWire([200]);
    const answer = go(new HandAuth(first.promise), wire);
    expect(wire.log).toEqual([]);
    first.reject(new Error('no token today'));
    await expect(answer).rejects.toThrow('no token today');
    expect(wire.log).toEqual([]);
  });

  it.each([
    ['rejects', () => Promise.reject(new Error('no token today'))],
    [
      'throws',
      () => {
        throw new Error('no token today');
      },
    ],
  ])('frees the refused answer when the renewal %s: nobody else could', async (_name, fails) => {
    const wire = new HandWire([401]);
    await expect(go(new HandAuth(['one', fails]), wire)).rejects.toThrow('no token today');
    expect(wire.log).toEqual(['send one', 'discard 401']);
  });

  it.each([
    ['wait for', () => new Promise<void>(() => {})],
    ['fail by', () => Promise.reject(new Error('of no interest'))],
  ])('does not %s that', async (_name, freed) => {
    const wire = new HandWire([401]);
    wire.freed = freed;
    const auth = new HandAuth(['one', () => Promise.reject(new Error('no token today'))]);
    await expect(go(auth, wire)).rejects.toThrow('no token today');
  });

  it.each(['request', 'send', 'response'] as const)(
    'rejects with what %s() throws, and never throws itself',
    async (step) => {
      const wire = new HandWire([200]);
      wire[step] = () => {
        throw new Error(step);
      };
      await expect(go(new HandAuth(), wire)).rejects.toThrow(step);
    },
  );
});
