import { errors } from 'undici';
import { describe, expect, it } from 'vitest';
import { refused, send, settled, trailers } from './undici-wire.ts';

describe('a refusal', () => {
  it('is kept from the caller, who sees one request, one controller and one answer', async () => {
    const { caller, wire, better, first } = refused();
    first.data('refused');
    first.end();
    better.resolve('two');
    await settled();
    wire.last.open();
    wire.last.start(200);
    wire.last.data('in');
    wire.last.end();

    expect(wire.attempts.map(({ options }) => options.headers)).toEqual([
      { authorization: 'one' },
      { authorization: 'two' },
    ]);
    expect(caller.events).toEqual([
      ['request', null],
      ['start', 200, 'message'],
      ['data', 'in'],
      ['end', trailers],
    ]);
    expect(caller.controllers.size).toBe(1);
  });

  it('that stands is handed on with all that came meanwhile, even after its connection is gone', async () => {
    const { caller, wire, better, first } = refused();
    first.data('a');
    first.data('b');
    better.resolve('one');
    await settled();
    first.data('c');
    first.end();

    expect(wire.attempts).toHaveLength(1);
    expect(caller.events.slice(1)).toEqual([
      ['start', 401, 'message'],
      ...['a', 'b', 'c'].map((text) => ['data', text]),
      ['end', trailers],
    ]);
  });

  it('that stands and has broken off is handed on as that', async () => {
    const { caller, better, first } = refused();
    const failure = new Error('reset');
    first.data('a');
    first.fail(failure);
    better.resolve('one');
    await settled();

    expect(caller.events.slice(1)).toEqual([
      ['start', 401, 'message'],
      ['data', 'a'],
      ['error', failure],
    ]);
  });

  it('that stands stays paused where the caller pauses it', async () => {
    const { auth, wire, first, better, ...set } = refused();
    const caller = set.caller;
    caller.onResponseStart = (controller) => controller.pause();
    first.data('x'.repeat(70_000));
    expect(first.controller.paused).toBe(true);
    better.resolve('one');
    await settled();

    expect([first.controller.paused, caller.controller.paused]).toEqual([true, true]);
    caller.controller.resume();
    expect([first.controller.paused, caller.controller.paused]).toEqual([false, false]);
  });

  it('holds the connection only above 64 kB, and lets go of it when it stands', async () => {
    const { better, first } = refused();
    first.data('x'.repeat(65_536));
    expect(first.controller.paused).toBe(false);
    first.data('x');
    expect(first.controller.paused).toBe(true);
    better.resolve('one');
    await settled();
    expect(first.controller.paused).toBe(false);
  });

  it.each([
    ['is announced as large', { 'content-length': '65537' }, ''],
    ['turned out large', {}, 'x'.repeat(65_537)],
  ])('whose body %s costs its connection, and is resent on another', async (_name, headers, body) => {
    const { caller, wire, better, first } = refused(headers);
    if (body !== '') first.data(body);
    better.resolve('two');
    await settled();
    expect(first.controller.aborted).toBe(true);
    expect(caller.controller.aborted).toBe(false);
    expect(wire.attempts).toHaveLength(1);

    first.fail(first.controller.reason as Error);
    expect(wire.attempts).toHaveLength(1);
    await settled();
    expect(wire.attempts).toHaveLength(2);
    expect(caller.names).toEqual(['request']);
  });

  it('whose body grows large after the decision costs its connection then', async () => {
    const { better, first } = refused();
    better.resolve('two');
    await settled();
    first.data('x'.repeat(65_536));
    expect(first.controller.aborted).toBe(false);
    first.data('x');
    expect(first.controller.aborted).toBe(true);
  });

  it('is resent only when its small body has been read', async () => {
    const { wire, better, first } = refused();
    better.resolve('two');
    await settled();
    expect(wire.attempts).toHaveLength(1);
    first.data('late');
    first.end();
    expect(wire.attempts).toHaveLength(2);
  });

  it('of a credential that is not the current one is resent without a wait', () => {
    const { auth, caller, wire, dispatch } = send();
    dispatch();
    wire.last.open();
    auth.next = 'two';
    wire.last.start(401);
    wire.last.data('refused');
    wire.last.end();

    expect(wire.last.options.headers).toEqual({ authorization: 'two' });
    expect(caller.names).toEqual(['request']);
  });

  it('that an interceptor below has made an error of is a refusal all the same', async () => {
    const { auth, caller, wire, dispatch } = send();
    dispatch();
    wire.last.open();
    auth.next = Promise.resolve('two');
    const error = new errors.ResponseError('Response Error', 401, { headers: {}, body: '' });
    wire.last.fail(error);
    await settled();
    expect(wire.attempts).toHaveLength(2);
    wire.last.fail(error);

    expect(caller.events).toEqual([
      ['request', null],
      ['error', error],
    ]);
  });
});

describe('an abort', () => {
  const reason = new Error('enough');

  it('before the answer is for undici to report', () => {
    const { caller, wire, dispatch } = send();
    dispatch();
    wire.last.open();
    caller.controller.abort(reason);
    expect(wire.last.controller.reason).toBe(reason);
    expect(caller.names).toEqual(['request']);
    wire.last.fail(reason);
    expect(caller.names).toEqual(['request', 'error']);
  });

  it.each(['before', 'after'])('during a renewal rejects at once (%s the refusal has ended)', async (when) => {
    const { caller, wire, better, first } = refused();
    if (when === 'after') first.end();
    caller.controller.abort(reason);
    expect(caller.events.slice(1)).toEqual([['error', reason]]);
    expect(first.controller.reason).toBe(reason);

    first.fail(reason);
    better.resolve('two');
    await settled();
    expect([caller.names, wire.attempts.length]).toEqual([['request', 'error'], 1]);
  });

  it('while a refusal is read empty rejects at once', async () => {
    const { caller, wire, better, first } = refused();
    better.resolve('two');
    await settled();
    caller.controller.abort(reason);
    first.end();
    expect([caller.events.slice(1), wire.attempts.length]).toEqual([[['error', reason]], 1]);
  });

  it('without a reason gets the one that undici would give', async () => {
    const { caller } = refused();
    caller.controller.abort(undefined as never);
    const { code, name, message } = new errors.RequestAbortedError();
    expect(caller.events.at(-1)).toEqual(['error', expect.objectContaining({ code, name, message })]);
  });
});

describe('a failure', () => {
  it('of the renewal reaches the caller, and frees the connection', async () => {
    const { caller, better, first } = refused();
    better.reject(new Error('no token today'));
    await settled();
    expect(caller.events.slice(1)).toEqual([['error', expect.objectContaining({ code: 'ERR_AUTH_CREDENTIAL' })]]);
    expect(first.controller.aborted).toBe(true);
    first.start(200);
    first.data('late');
    first.end();
    expect(caller.names).toEqual(['request', 'error']);
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('unreadable');
      },
    ],
    ['rejects', () => Promise.reject(new Error('unreadable'))],
  ])('of a checkResult that %s reaches the caller', async (_name, checkResult) => {
    const { auth, caller, wire, dispatch } = send();
    auth.checkResult = checkResult;
    dispatch();
    wire.last.open();
    wire.last.start(200);
    await settled();
    expect(caller.events.slice(1)).toEqual([['error', new Error('unreadable')]]);
    expect(wire.last.controller.aborted).toBe(true);
  });

  it("of the caller's handler, when it gets an answer that was held back, comes back to it", async () => {
    const { caller, better, first } = refused();
    const failure = new Error('bad upgrade');
    caller.onResponseStart = () => {
      throw failure;
    };
    better.resolve('one');
    await settled();
    expect(caller.events.slice(1)).toEqual([['error', failure]]);
    expect(first.controller.reason).toBe(failure);
  });
});
