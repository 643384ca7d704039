import type { AuthRequest, AuthResponse } from '../../lifecycle/contract.ts';
import type { HeaderPolicy } from '../../lifecycle/headers.ts';
import { bytesOf, type FreshBody, isReplayable } from './body.ts';
import { GotHeaders, type HeaderChanges } from './headers.ts';
import type { GotOptions, NativeHeaders, ResponseHead } from './options.ts';
import { originOfUrl } from './origin.ts';

/** One wire attempt: what got wants to send, and what the authenticators add to it. Nothing of got's is written to. */
export class GotAttempt {
  readonly options: GotOptions;
  readonly fresh: FreshBody | undefined;
  /** It follows a redirect. */
  readonly isHop: boolean;
  /** got's own headers. */
  readonly plain: NativeHeaders;
  /** What the authenticators change of them. */
  readonly changes: HeaderChanges = {};
  /** The query to send, where it is not got's. */
  search: string | undefined;
  /** Is it to be sent again? Known, or being found out, as soon as a response has begun. */
  resend: boolean | Promise<boolean> | undefined;
  #complete: ((body: Uint8Array | undefined) => void) | undefined;
  #body: Promise<Uint8Array | undefined> | undefined;

  constructor(options: GotOptions, fresh: FreshBody | undefined, headers: NativeHeaders, isHop: boolean) {
    this.options = options;
    this.fresh = fresh;
    this.isHop = isHop;
    this.plain = headers;
  }

  get url(): URL {
    return this.options.url as URL;
  }

  /** The response has come to its end. */
  complete(body: Uint8Array | undefined): void {
    if (this.#complete === undefined) this.#body = Promise.resolve(body);
    else this.#complete(body);
  }

  /** The text of the response, once it has come to its end; at most 1 MiB of it. */
  async readText(): Promise<string> {
    this.#body ??= new Promise((resolve) => {
      this.#complete = resolve;
    });
    const body = await this.#body;
    return new TextDecoder().decode(body?.subarray(0, READ_LIMIT));
  }
}

const READ_LIMIT = 1024 * 1024;

/** A wire attempt as one authenticator sees it. */
export class GotRequest implements AuthRequest {
  readonly headers: GotHeaders;
  readonly #attempt: GotAttempt;

  constructor(attempt: GotAttempt, policy: HeaderPolicy) {
    this.#attempt = attempt;
    this.headers = new GotHeaders(attempt.plain, attempt.changes, policy);
  }

  get method(): string {
    return this.#attempt.options.method;
  }

  get origin(): string {
    return originOfUrl(this.#attempt.url);
  }

  get replayable(): boolean {
    return isReplayable(this.#attempt.options, this.#attempt.fresh);
  }

  get url(): URL {
    const url = new URL(this.#attempt.url);
    if (this.#attempt.search !== undefined) url.search = this.#attempt.search;
    return url;
  }

  set url({ search }: URL) {
    this.#attempt.search = search;
  }

  readBody(): Promise<Uint8Array | undefined> {
    return bytesOf(this.#attempt.options, this.#attempt.fresh);
  }
}

/** A response as one authenticator sees it. */
export class GotAnswer implements AuthResponse {
  readonly request: GotRequest;
  readonly #attempt: GotAttempt;
  readonly #head: ResponseHead;

  constructor(attempt: GotAttempt, request: GotRequest, head: ResponseHead) {
    this.request = request;
    this.#attempt = attempt;
    this.#head = head;
  }

  get status(): number {
    return this.#head.statusCode;
  }

  get headers(): { get(name: string): string | null } {
    return { get: (name) => headerOf(this.#head, name.toLowerCase()) };
  }

  /** Empty where the body is a stream: that is the caller's. */
  readText(): Promise<string> {
    return this.#attempt.options.isStream ? Promise.resolve('') : this.#attempt.readText();
  }
}

function headerOf({ headers }: ResponseHead, name: string): string | null {
  const value = headers[name];
  return value === undefined ? null : Array.isArray(value) ? value.join(', ') : value;
}
