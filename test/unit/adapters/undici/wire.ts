/**
 * undici's two sides, under test control: a wire that lets happen what the test says, and a caller that records what he
 * sees. For the order of events that no real server can be made to produce.
 */

import type { Dispatcher } from 'undici';
import { undiciAuth } from '../../../../src/adapters/undici.ts';
import { type AuthContext, Authenticator, type AuthRequest } from '../../../../src/lifecycle/contract.ts';
import { type Deferred, deferred } from '../../../helpers/deferred.ts';

const origin = 'https://api.example';
export const origins = [origin];
export const get: Dispatcher.DispatchOptions = { origin, path: '/', method: 'GET' };

/** Gives what it is told to, when it is told to. */
export class ScriptedAuth extends Authenticator<string> {
  next: string | Promise<string> | (() => never) = 'one';
  readonly contexts: AuthContext<string>[] = [];

  authenticate(context: AuthContext<string>) {
    this.contexts.push(context);
    return typeof this.next === 'function' ? this.next() : this.next;
  }

  modifyRequest({ headers }: AuthRequest, token: string) {
    headers.set('authorization', token);
  }
}

/** A dispatcher under test control: every attempt waits for what the test lets happen to it. */
export class Wire {
  readonly attempts: {
    options: Dispatcher.DispatchOptions;
    handler: Dispatcher.DispatchHandler;
    controller: FakeController;
  }[] = [];

  readonly dispatch: Dispatcher.Dispatch = (options, handler) => {
    this.attempts.push({ options, handler, controller: new FakeController() });
    return true;
  };

  get last() {
    const { handler, controller, options } = this.attempts.at(-1) as (typeof this.attempts)[0];
    return {
      ...{ options, controller },
      open: (...context: unknown[]) => handler.onRequestStart?.(controller, context.length === 0 ? null : context[0]),
      start: (status: number, headers = {}) => handler.onResponseStart?.(controller, status, headers, 'message'),
      data: (text: string) => handler.onResponseData?.(controller, Buffer.from(text)),
      end: () => handler.onResponseEnd?.(controller, { trailer: 'yes' }),
      fail: (error: Error) => handler.onResponseError?.(controller, error),
    };
  }
}

class FakeController implements Dispatcher.DispatchController {
  paused = false;
  aborted = false;
  reason: Error | null = null;

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
  }

  abort(reason: Error): void {
    this.aborted = true;
    this.reason = reason;
  }
}

/** What the caller sees, in order. */
export class Recorder implements Dispatcher.DispatchHandler {
  readonly events: unknown[][] = [];
  readonly controllers = new Set<unknown>();

  #log(controller: unknown, ...event: unknown[]): void {
    this.controllers.add(controller);
    this.events.push(event);
  }

  onRequestStart(controller: Dispatcher.DispatchController, context: unknown) {
    this.#log(controller, 'request', context);
  }
  onResponseStart(controller: Dispatcher.DispatchController, status: number, _headers: unknown, message?: string) {
    this.#log(controller, 'start', status, message);
  }
  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer) {
    this.#log(controller, 'data', chunk.toString());
  }
  onResponseEnd(controller: Dispatcher.DispatchController, trailers: unknown) {
    this.#log(controller, 'end', trailers);
  }
  onResponseError(controller: Dispatcher.DispatchController, error: Error) {
    this.#log(controller, 'error', error);
  }

  get controller(): Dispatcher.DispatchController {
    return [...this.controllers][0] as Dispatcher.DispatchController;
  }

  get names(): unknown[] {
    return this.events.map(([name]) => name);
  }
}

/** One call through undiciAuth. */
export function send(options: object = {}) {
  const auth = new ScriptedAuth();
  const wire = new Wire();
  const caller = new Recorder();
  const dispatch = undiciAuth(auth, { origins })(wire.dispatch);
  return { auth, wire, caller, dispatch: () => dispatch({ ...get, ...options }, caller) };
}

/** The first answer is a refusal, and the better credential is still on its way. */
export function refused(headers = {}) {
  const set = send();
  const better: Deferred<string> = deferred();
  set.dispatch();
  set.wire.last.open();
  set.auth.next = better.promise;
  set.wire.last.start(401, headers);
  return { ...set, better, first: set.wire.last };
}

/** Everything that is ready to happen has happened. */
export const settled = () => new Promise<void>((resolve) => setImmediate(resolve));
export const trailers = { trailer: 'yes' };
