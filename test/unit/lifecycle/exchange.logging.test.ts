import { describe, expect, it, vi } from 'vitest';
import type { AuthenticatorOptions } from '../../../src/lifecycle/contract.ts';
import { call, exchange, HandAuth, HOME, type RequestOptions, request } from './by-hand.ts';

/** What is said with `debug` on: message and fields, in order. */
function listening(answers: ConstructorParameters<typeof HandAuth>[0], options: AuthenticatorOptions = {}) {
  const debug = vi.fn<(fields: Readonly<Record<string, unknown>>, message: string) => void>();
  const auth = new HandAuth(answers, { debug: true, logger: { debug }, ...options });
  return { auth, said: () => debug.mock.calls.map(([fields, message]) => [message, fields]) };
}

const base = { authenticator: 'HandAuth', method: 'GET', origin: HOME };

describe('with debug on, the engine says', () => {
  it('what it does about a refusal', async () => {
    const { auth, said } = listening(['one', 'two']);
    await call(auth, [401, 401]);
    expect(said()).toEqual([
      ['signed', base],
      ['credential refused', { ...base, status: 401 }],
      ['signed', base],
      ['response stands', { ...base, status: 401, reason: 'refused again after a renewal' }],
    ]);
  });

  it.each<[string, string, RequestOptions]>([
    ['there is nothing better', 'nothing better to offer', {}],
    ['a body cannot be resent', 'the body can be sent only once', { replayable: false }],
  ])('why an answer stands: %s', async (_name, reason, options) => {
    const { auth, said } = listening('one');
    await call(auth, [401], options);
    expect(said().at(-1)).toEqual(['response stands', { ...base, status: 401, reason }]);
  });

  it('that it signs again, and when it may not', async () => {
    const { auth, said } = listening('one');
    auth.checkResult = () => 'again';
    await call(auth, [401, 401, 401]);
    expect(said().slice(1)).toEqual([
      ['signing again', { ...base, status: 401 }],
      ['signed', base],
      ['signing again', { ...base, status: 401 }],
      ['signed', base],
      ['response stands', { ...base, status: 401, reason: 'asked to sign again, but may not' }],
    ]);
  });

  it('that an origin is foreign', () => {
    const { auth, said } = listening('one', { origins: [HOME] });
    exchange(auth).prepare(request({ url: 'https://evil.example/a' }));
    expect(said()).toEqual([['foreign origin, nothing added', { ...base, origin: 'https://evil.example' }]]);
  });

  it("that the caller's own header stays", () => {
    const { auth, said } = listening('one');
    exchange(auth, { headerPolicy: 'preserve' }).prepare(
      request({ headers: { authorization: 'mine' }, policy: 'preserve' }),
    );
    expect(said()).toEqual([["left the caller's own header in place", base]]);
  });

  it('what the authenticator tells of the credential, and never the credential', async () => {
    const { auth, said } = listening(['S3CR3T-one', 'S3CR3T-two']);
    Object.assign(auth, { describeCredential: (credential: string) => ({ generation: credential.slice(7) }) });
    await call(auth, [401, 200]);
    expect(said()).toEqual([
      ['signed', { ...base, generation: 'one' }],
      ['credential refused', { ...base, status: 401, generation: 'one' }],
      ['signed', { ...base, generation: 'two' }],
    ]);
    expect(JSON.stringify(said())).not.toContain('S3CR3T');
  });
});

it('with debug off, nothing is said and nothing is described', async () => {
  const { auth, said } = listening(['one', 'two'], { debug: false });
  const describeCredential = vi.fn(() => ({}));
  Object.assign(auth, { describeCredential });
  await call(auth, [401, 200]);
  expect([said(), describeCredential.mock.calls]).toEqual([[], []]);
});
