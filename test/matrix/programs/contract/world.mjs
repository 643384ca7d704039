let count = 0;

/** The part of the two servers that one case has for itself. */
export class World {
  /** The origins that credentials are for. */
  origins;
  #home;
  #foreign;
  #name;

  /**
   * @param {{ home: string, foreign: string }} servers
   */
  constructor({ home, foreign }) {
    count += 1;
    this.#home = home;
    this.#foreign = foreign;
    this.#name = `${Date.now().toString(36)}-${count}-${crypto.randomUUID().slice(0, 8)}`;
    this.origins = [home];
  }

  /** @param {string} path */
  url(path) {
    return `${this.#home}/${this.#name}${path}`;
  }

  /** @param {string} path */
  foreign(path) {
    return `${this.#foreign}/${this.#name}${path}`;
  }

  /** What the server has counted. */
  async stats() {
    return (await fetch(this.url('/control/stats'))).json();
  }

  /** From now on requests to this path wait for {@link World.release}. @param {string} path */
  hold(path) {
    return this.#control(`hold?path=${path}`);
  }

  /** Resolves once a request to this path has reached the server. @param {string} path */
  arrived(path) {
    return this.#control(`arrived?path=${path}`);
  }

  /** Answers what waits. */
  release() {
    return this.#control('release');
  }

  /** Leaves what waits without an answer, and lets new requests through. */
  forget() {
    return this.#control('forget');
  }

  /** @param {string} token */
  accept(token) {
    return this.#control(`accept?token=${token}`);
  }

  async #control(path) {
    await (await fetch(this.url(`/control/${path}`))).text();
  }
}
