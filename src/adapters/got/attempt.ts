import type { AuthRequest, AuthResponse } from '../../lifecycle/contract.ts';
import { type HeaderPolicy, SignedHeaders } from '../../lifecycle/headers.ts';
import { bytesOf, type FreshBody, isReplayable } from './body.ts';
import type { GotOptions, NativeHeaders, ResponseHead } from './options.ts';
import { originOfUrl } from './origin.ts';

/** One wire attempt: what got wants to send, and what the authenticators add to it. Nothing of got's is written to. */
export class GotAttempt {
  readonly options: GotOptions;
  readonly fresh: FreshBody | undefined;
  /** Can got send it again? A stream only where the caller hears of retries. */
  retriable: boolean;
  /** It follows a redirect. */
  readonly isHop: boolean;
  /** The headers that got wants to send. */
  readonly plain: NativeHeaders;
  /** What of them is set again, or deleted (`undefined`). Kept apart, because to copy all of them takes longer. */
  readonly changes: Record<string, string | undefined> = {};
  /** The query to send, where it is not got's. */
  search: string | undefined;
  /** Is it to be sent again? Known, or being found out, as soon as a response has begun. */
  resend: boolean | Promise<boolean> | undefined;
  #complete: ((body: Uint8Array | undefined) => void) | undefined;
  #body: Promise<Uint8Array | undefined> | undefined;

  constructor(options: GotOptions, fresh: FreshBody | undefined, plain: NativeHeaders, isHop: boolean) {
    this.options = options;
    this.retriable = !options.isStream;
    this.fresh = fresh;
    this.isHop = isHop;
    this.plain = plain;
  }

  get url(): URL {
    return this.options.url as URL;
  }

  /** Does it carry anything of ours? */
  get isMarked(): boolean {
    return this.search !== undefined || Object.values(this.changes).some((value) => value !== undefined);
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

/** The headers of a wire attempt. Both got and our base class know names in lower case only. */
class GotHeaders extends SignedHeaders {
  readonly #attempt: GotAttempt;

  constructor(attempt: GotAttempt, policy: HeaderPolicy) {
    super(policy);
    this.#attempt = attempt;
  }

  protected override read(name: string): string | null {
    const { changes, plain } = this.#attempt;
    return textOf(name in changes ? changes[name] : plain[name]);
  }

  protected override write(name: string, value: string): void {
    this.#attempt.changes[name] = value;
  }

  override remove(name: string): void {
    this.#attempt.changes[name] = undefined;
  }
}

/** A wire attempt as one authenticator sees it. */
export class GotRequest implements AuthRequest {
  readonly headers: GotHeaders;
  readonly #attempt: GotAttempt;

  constructor(attempt: GotAttempt, policy: HeaderPolicy) {
    this.#attempt = attempt;
    this.headers = new GotHeaders(attempt, policy);
  }

  get method(): string {
    return this.#attempt.options.method;
  }

  get origin(): string {
    return originOfUrl(this.#attempt.url);
  }

  get replayable(): boolean {
    const { retriable, options, fresh } = this.#attempt;
    return retriable && isReplayable(options, fresh);
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
    return { get: (name) => textOf(this.#head.headers[name.toLowerCase()]) };
  }

  /** Empty where the body is a stream: that is the caller's. */
  readText(): Promise<string> {
    return this.#attempt.options.isStream ? Promise.resolve('') : this.#attempt.readText();
  }
}

function textOf(value: string | readonly string[] | undefined): string | null {
  return value === undefined ? null : Array.isArray(value) ? value.join(', ') : String(value);
}
