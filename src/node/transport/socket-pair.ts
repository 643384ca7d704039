import { Duplex } from 'node:stream';

type Done = (error?: Error | null) => void;

/** One end of a connection inside the process. It takes the calls that clients make to a socket of the system. */
export class PairedSocket extends Duplex {
  #peer: PairedSocket | undefined;
  /** The writer at the other end, until there is room again. */
  #waiting: Done | undefined;
  #idle: NodeJS.Timeout | undefined;
  #idleMs = 0;

  /** Two ends: what is written to one is read from the other. */
  static pair(): readonly [PairedSocket, PairedSocket] {
    const [a, b] = [new PairedSocket(), new PairedSocket()];
    a.#peer = b;
    b.#peer = a;
    return [a, b];
  }

  override _read(): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: Done): void {
    this.#stir();
    (this.#peer as PairedSocket).#take(chunk, done);
  }

  override _final(done: Done): void {
    this.#peer?.push(null);
    done();
  }

  override _destroy(error: Error | null, done: Done): void {
    clearTimeout(this.#idle);
    this._read();
    const peer = this.#peer;
    if (peer?.destroyed === false) process.nextTick(() => peer.destroy());
    done(error);
  }

  setTimeout(ms: number, listener?: () => void): this {
    this.#idleMs = ms;
    if (listener !== undefined) this.once('timeout', listener);
    this.#stir();
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  #take(chunk: Buffer, done: Done): void {
    this.#stir();
    if (this.destroyed) done();
    else if (this.push(chunk)) done();
    else this.#waiting = done;
  }

  #stir(): void {
    clearTimeout(this.#idle);
    if (this.#idleMs > 0) this.#idle = setTimeout(() => this.emit('timeout'), this.#idleMs).unref();
  }
}
