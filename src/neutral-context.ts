/**
 * Work for everybody must not see whose request started it. Token sources, stores and callbacks run in the asynchronous
 * context in which authwire was loaded, so that an `AsyncLocalStorage` of a request is empty there: a source that reads it
 * fails at once and does not hand one user's token to all.
 */

interface AsyncStorage<T> {
  run<R>(store: T, call: () => R): R;
  getStore(): T | undefined;
}

interface AsyncHooks {
  readonly AsyncLocalStorage: {
    new <T>(): AsyncStorage<T>;
    snapshot?(): <R>(call: () => R) => R;
  };
}

/** What runs for an owner at the moment, and whatever that runs inside of. */
interface Running {
  readonly owner: object;
  readonly outer: Running | undefined;
  over: boolean;
}

const hooks = asyncHooks();
const inRoot = hooks?.AsyncLocalStorage.snapshot?.();
const storage = hooks === undefined ? undefined : new hooks.AsyncLocalStorage<Running>();

function asyncHooks(): AsyncHooks | undefined {
  const { process } = globalThis as { process?: { getBuiltinModule?(name: string): unknown } };
  return process?.getBuiltinModule?.('node:async_hooks') as AsyncHooks | undefined;
}

/** Calls a function in the context in which authwire was loaded; where a platform has no contexts, as it is. */
export function inNeutralContext<R>(call: () => R): R {
  return inRoot === undefined ? call() : inRoot(call);
}

/** Calls a function on behalf of an owner, so that {@link isInside} tells when it calls that owner back. */
export async function runInside<R>(owner: object, call: () => R | PromiseLike<R>): Promise<R> {
  if (storage === undefined) return call();
  const running: Running = { owner, outer: storage.getStore(), over: false };
  try {
    return await storage.run(running, call);
  } finally {
    running.over = true;
  }
}

/** Has the owner's own callback or source led here, and is that still at work? Always `false` without contexts. */
export function isInside(owner: object): boolean {
  for (let running = storage?.getStore(); running !== undefined; running = running.outer) {
    if (running.owner === owner && !running.over) return true;
  }
  return false;
}
