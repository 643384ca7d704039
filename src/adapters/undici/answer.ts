import type { Dispatcher } from 'undici';
import type { AuthRequest, AuthResponse } from '../../lifecycle/contract.ts';
import { DRAIN_LIMIT, READ_MS } from '../web/body.ts';
import { decodeText } from './text.ts';

type Handler = Dispatcher.DispatchHandler;
type Controller = Dispatcher.DispatchController;
type Headers = Parameters<NonNullable<Handler['onResponseStart']>>[2];

/** As much as an authenticator gets to read. */
const TEXT_LIMIT = 1024 * 1024;

/**
 * A response whose fate is not decided: an authenticator may look at it, and what arrives of it is held back until the
 * caller gets it untouched or it is dropped.
 */
export class UndiciAnswer implements AuthResponse {
  readonly request: AuthRequest;
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly #fields: Headers;
  readonly #message: string | undefined;
  #chunks: Buffer[] = [];
  #size = 0;
  #limit = DRAIN_LIMIT;
  #trailers: Headers | undefined;
  #error: Error | undefined;
  #started = true;
  #resume: (() => void) | undefined;
  #readers: ((chunks: readonly Buffer[]) => void)[] = [];

  constructor(request: AuthRequest, status: number, headers: Headers, message?: string) {
    this.request = request;
    this.status = status;
    this.headers = { get: (name) => join(headers[name.toLowerCase()]) };
    this.#fields = headers;
    this.#message = message;
  }

  /** A refusal that an interceptor below has made an error of. The caller gets it as that. */
  static fromError(request: AuthRequest, status: number, headers: Headers, error: Error): UndiciAnswer {
    const answer = new UndiciAnswer(request, status, headers);
    answer.#started = false;
    answer.#error = error;
    return answer;
  }

  /** Has everything arrived that will? */
  get ended(): boolean {
    return this.#trailers !== undefined || this.#error !== undefined;
  }

  /** Is as much held back as may be? */
  get full(): boolean {
    return this.#size > this.#limit;
  }

  /** Is the connection cheaper to replace than to read empty? */
  get large(): boolean {
    return this.#size > DRAIN_LIMIT || Number(this.headers.get('content-length')) > DRAIN_LIMIT;
  }

  hold(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    if (this.full) this.#tellReaders();
  }

  /** Counts what will be thrown away. */
  drop(chunk: Buffer): void {
    this.#size += chunk.length;
  }

  /** How to go on, should a reader want more than is held back by itself. */
  paused(resume: () => void): void {
    this.#resume = resume;
  }

  end(trailers: Headers): void {
    this.#trailers = trailers;
    this.#tellReaders();
  }

  fail(error: Error): void {
    this.#error = error;
    this.#tellReaders();
  }

  /** Lets go of what was held back. */
  discard(): void {
    this.#tellReaders();
    this.#chunks = [];
  }

  /** Hands everything on that was held back, in the order in which it came. */
  release(handler: Handler, controller: Controller): void {
    const chunks = this.#chunks;
    this.discard();
    if (this.#started) handler.onResponseStart?.(controller, this.status, this.#fields, this.#message);
    for (const chunk of chunks) handler.onResponseData?.(controller, chunk);
    if (this.#trailers !== undefined) handler.onResponseEnd?.(controller, this.#trailers);
    if (this.#error !== undefined) handler.onResponseError?.(controller, this.#error);
  }

  /** At most 1 MiB of it; waits for the body to arrive, for 30 s at most. */
  async readText(): Promise<string> {
    this.#limit = TEXT_LIMIT;
    const chunks = this.ended || this.full ? this.#chunks : await this.#arrival();
    return decodeText(chunks, this.headers.get('content-encoding'), TEXT_LIMIT);
  }

  #arrival(): Promise<readonly Buffer[]> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#tellReaders(), READ_MS);
      this.#readers.push((chunks) => {
        clearTimeout(timer);
        resolve(chunks);
      });
      this.#resume?.();
    });
  }

  #tellReaders(): void {
    for (const tell of this.#readers) tell(this.#chunks);
    this.#readers = [];
  }
}

function join(value: string | string[] | undefined): string | null {
  return value === undefined ? null : Array.isArray(value) ? value.join(', ') : value;
}
