import { errors } from 'undici';
import { describe, expect, it } from 'vitest';
import { refused, send, settled } from './wire.ts';

describe('an abort', () => {
  const reason = new Error('enough');

  it('while a large refusal is dropped rejects at once', async () => {
    const { caller, wire, better, first } = refused({ 'content-length': '65537' });
    better.resolve('two');
    await settled();
    first.fail(first.controller.reason as Error);
    caller.controller.abort(reason);
    await settled();
    expect([caller.events.slice(1), wire.attempts.length]).toEqual([[['error', reason]], 1]);
  });

  it('while the resend waits for a connection rejects at once', async () => {
    const { caller, wire, better, first } = refused();
    first.end();
    better.resolve('two');
    await settled();
    expect(wire.attempts).toHaveLength(2);
    caller.controller.abort(reason);
    expect(caller.events.slice(1)).toEqual([['error', reason]]);
    wire.last.open();
    expect(wire.last.controller.reason).toBe(reason);
  });

  it('by undici itself is seen by the caller', () => {
    const { caller, wire, dispatch } = send();
    dispatch();
    wire.last.open();
    wire.last.controller.abort(reason);
    expect(caller.controller).toMatchObject({ aborted: true, reason });
  });

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
