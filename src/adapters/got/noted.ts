import type { GotCall } from './call.ts';

/** Gives back what it is given, so that a class which extends it puts its private fields on that. */
class Given {
  constructor(value: object) {
    // biome-ignore lint/correctness/noConstructorReturn: this is what it is for.
    return value;
  }
}

/**
 * Notes a call on a function, where no printer and no copy of properties finds it. A WeakMap would cost more than all the
 * rest together.
 */
export class Noted extends Given {
  #call: GotCall;

  constructor(carrier: object, call: GotCall) {
    super(carrier);
    this.#call = call;
  }

  static on<T extends object>(carrier: T, call: GotCall): T {
    if (#call in carrier) carrier.#call = call;
    else new Noted(carrier, call);
    return carrier;
  }

  static of(carrier: object): GotCall | undefined {
    return #call in carrier ? carrier.#call : undefined;
  }
}
