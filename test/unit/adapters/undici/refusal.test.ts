import { errors } from 'undici';
import { describe, expect, it } from 'vitest';
import { refused, send, settled, trailers } from './wire.ts';

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

  it('that is announced as large is dropped at once where nothing has to be fetched', () => {
    const { auth, wire, dispatch } = send();
    dispatch();
    wire.last.open();
    auth.next = 'two';
    wire.last.start(401, { 'content-length': '65537' });
    expect(wire.last.controller.aborted).toBe(true);
  });

  it('gives the authenticator who renews its text, however large, and goes on reading for it', async () => {
    const { auth, first } = refused();
    const { response } = auth.contexts[1]?.refused ?? {};
    first.data('x'.repeat(65_537));
    expect(first.controller.paused).toBe(true);
    const text = response?.readText?.();
    expect(first.controller.paused).toBe(false);
    first.data('the end');
    first.end();
    expect(await text).toMatch(/^x{65537}the end$/);
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

it('an answer that stands at once leaves no reader of its text waiting', async () => {
  const { auth, caller, wire, dispatch } = send();
  let text: Promise<string> | undefined;
  auth.checkResult = (response) => {
    text = response.readText?.();
    return true;
  };
  dispatch();
  wire.last.open();
  wire.last.start(200);
  wire.last.data('streamed');

  expect(await text).toBe('');
  expect(caller.names).toEqual(['request', 'start', 'data']);
});
