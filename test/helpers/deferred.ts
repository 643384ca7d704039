/** A promise with its handles outside: tests release things by hand and never sleep. */
export interface Deferred<T = void> {
  readonly promise: Promise<T>;
  resolve(value: T): void;
  reject(reason: unknown): void;
}

/** `Promise.withResolvers`, which Node 20 does not have. */
export function deferred<T = void>(): Deferred<T> {
  let resolve: (value: T) => void = () => {};
  let reject: (reason: unknown) => void = () => {};
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

/** Lets a test wait until something has happened often enough. */
export class Waiters {
  #count = 0;
  #waiting: { readonly count: number; readonly done: Deferred }[] = [];

  /** One more has happened. */
  notify(): void {
    this.#count += 1;
    for (const { count, done } of this.#waiting) if (count <= this.#count) done.resolve();
    this.#waiting = this.#waiting.filter(({ count }) => count > this.#count);
  }

  /** Resolves as soon as it has happened `count` times since the start or the last `reset`. */
  reached(count: number): Promise<void> {
    if (count <= this.#count) return Promise.resolve();
    const done = deferred();
    this.#waiting.push({ count, done });
    return done.promise;
  }

  reset(): void {
    this.#count = 0;
  }
}
