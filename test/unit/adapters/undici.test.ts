import type { Dispatcher } from 'undici';
import { describe, expect, it, vi } from 'vitest';
import { undiciAuth } from '../../../src/adapters/undici.ts';
import { ConfigurationError } from '../../../src/errors.ts';
import { type Deferred, deferred } from '../../helpers/deferred.ts';
import { get, origins, Recorder, ScriptedAuth, send, settled, trailers, Wire } from './undici/wire.ts';

describe('undiciAuth', () => {
  it.each([{}, { origins: undefined as never }])('wants to be told its origins', (options) => {
    const wrong = () => undiciAuth(new ScriptedAuth(), options);
    expect(wrong).toThrow(ConfigurationError);
    expect(wrong).toThrow(/'origins'/);
  });

  it("takes the authenticator's own origins", () => {
    const wire = new Wire();
    undiciAuth(new ScriptedAuth({ origins }))(wire.dispatch)(get, new Recorder());
    expect(wire.last.options.headers).toEqual({ authorization: 'one' });
  });

  it('makes what compose asks for: a function of two arguments', () => {
    expect(undiciAuth(new ScriptedAuth(), { origins })(new Wire().dispatch)).toHaveLength(2);
  });

  it.each([{}, { onConnect() {}, onError() {} }, { onRequestStart() {} }, null])(
    'leaves a handler that undici would refuse to undici (%#)',
    (handler) => {
      const wire = new Wire();
      undiciAuth(new ScriptedAuth(), { origins })(wire.dispatch)(get, handler as never);
      expect(wire.attempts[0]?.handler).toBe(handler);
      expect(wire.attempts[0]?.options).toBe(get);
    },
  );

  it('reports a call without an origin to its handler', () => {
    const { caller, wire, dispatch } = send({ origin: undefined });
    expect(dispatch()).toBe(false);
    expect(caller.events).toEqual([['error', expect.any(ConfigurationError)]]);
    expect(wire.attempts).toHaveLength(0);
  });
});

describe('with a credential at hand', () => {
  it.each([true, false])('signs and sends at once, and says what undici says (%s)', (busy) => {
    const { auth, caller } = send();
    const inner = vi.fn<Dispatcher.Dispatch>(() => busy);
    const answer = undiciAuth(auth, { origins })(inner)(get, caller);

    expect(answer).toBe(busy);
    expect(inner).toHaveBeenCalledOnce();
    expect(caller.events).toEqual([]);
  });

  it('passes everything on as it comes', () => {
    const { caller, wire, dispatch } = send();
    const context = {};
    dispatch();
    wire.last.open(context);
    wire.last.start(103);
    wire.last.start(200);
    wire.last.data('a');
    wire.last.end();

    expect(caller.events).toEqual([
      ['request', context],
      ['start', 103, 'message'],
      ['start', 200, 'message'],
      ['data', 'a'],
      ['end', trailers],
    ]);
  });

  it('shows raw headers and trailers', () => {
    const { caller, wire, dispatch } = send();
    dispatch();
    wire.last.open();
    expect(caller.controller).toMatchObject({ rawHeaders: null, rawTrailers: null });
    Object.assign(wire.last.controller, { rawHeaders: ['a', 'b'], rawTrailers: ['c', 'd'] });
    expect(caller.controller).toMatchObject({ rawHeaders: ['a', 'b'], rawTrailers: ['c', 'd'] });
  });

  // undici 8 gives null for a context, undici 7 nothing.
  it.each([null, undefined, {}])(
    'tells the handler of its request once, although undici starts it anew (%s)',
    (context) => {
      const { caller, wire, dispatch } = send();
      dispatch();
      wire.last.open(context);
      wire.last.open(context);
      expect(caller.events).toEqual([['request', context]]);
    },
  );

  it('reports what an authenticator throws', () => {
    const { auth, caller, wire, dispatch } = send();
    auth.next = () => {
      throw new Error('no key');
    };

    expect(dispatch()).toBe(true);
    expect(caller.events).toEqual([['error', expect.objectContaining({ code: 'ERR_AUTH_CREDENTIAL' })]]);
    expect(wire.attempts).toHaveLength(0);
  });

  it('reports a bodyFactory that throws', () => {
    const failure = new Error('no file');
    const bodyFactory = () => {
      throw failure;
    };
    const { caller, wire, dispatch } = send({ method: 'POST', bodyFactory });
    dispatch();
    expect(caller.events).toEqual([['error', failure]]);
    expect(wire.attempts).toHaveLength(0);
  });

  it('reports what undici throws', () => {
    const { auth, caller } = send();
    const failure = new Error('closed');
    const closed: Dispatcher.Dispatch = () => {
      throw failure;
    };
    undiciAuth(auth, { origins })(closed)(get, caller);
    expect(caller.events).toEqual([['error', failure]]);
  });
});

describe('while the first credential is on its way', () => {
  function waiting() {
    const set = send();
    const first: Deferred<string> = deferred();
    set.auth.next = first.promise;
    set.dispatch();
    return { ...set, first };
  }

  it('sends when it is there, and fills in the context that the handler got before', async () => {
    const { caller, wire, first } = waiting();
    expect([caller.names, wire.attempts.length]).toEqual([['request'], 0]);
    first.resolve('late');
    await settled();
    wire.last.open({ history: [] });
    wire.last.start(200);

    expect(wire.last.options.headers).toEqual({ authorization: 'late' });
    expect(caller.events).toEqual([
      ['request', { history: [] }],
      ['start', 200, 'message'],
    ]);
  });

  it('an abort rejects at once, and nothing is sent afterwards', async () => {
    const { caller, wire, first } = waiting();
    const reason = new Error('enough');
    caller.controller.abort(reason);
    caller.controller.abort(new Error('again'));

    expect(caller.events.slice(1)).toEqual([['error', reason]]);
    expect(caller.controller).toMatchObject({ aborted: true, reason });
    first.resolve('late');
    await settled();
    expect(wire.attempts).toHaveLength(0);
  });

  it('an abort while the signed request waits for a connection rejects at once, too', async () => {
    const { caller, wire, first } = waiting();
    first.resolve('late');
    await settled();
    const reason = new Error('enough');
    caller.controller.abort(reason);
    wire.last.open();

    expect(caller.events.slice(1)).toEqual([['error', reason]]);
    expect(wire.last.controller.reason).toBe(reason);
    wire.last.fail(reason);
    expect(caller.names).toEqual(['request', 'error']);
  });

  it('a handler that throws at its start is told of it', () => {
    const { auth, wire } = send();
    auth.next = new Promise(() => {});
    const failure = new Error('not today');
    const failing = Object.assign(new Recorder(), {
      onRequestStart: () => {
        throw failure;
      },
    });
    undiciAuth(auth, { origins })(wire.dispatch)(get, failing);
    expect(failing.events).toEqual([['error', failure]]);
  });
});
