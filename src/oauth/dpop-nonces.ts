import { RecentMap } from '../recent-map.ts';

/** RFC 9449 §8.1: `nonce = 1*NQCHAR`. */
const NONCE = /^[\x21\x23-\x5b\x5d-\x7e]{1,1024}$/;
/** The most servers that are remembered. */
const MAX_SERVERS = 100;

/** The newest nonce that each server has given (RFC 9449 §8.2). */
export class DpopNonces {
  readonly #byOrigin = new RecentMap<string, string>(MAX_SERVERS);

  get(origin: string): string | undefined {
    return this.#byOrigin.get(origin);
  }

  /** Takes the nonce that an answer brings, if it brings one. */
  learn(origin: string, headers: { get(name: string): string | null }): void {
    const nonce = headers.get('dpop-nonce');
    if (nonce === null || !NONCE.test(nonce)) return;
    this.#byOrigin.set(origin, nonce);
  }
}
