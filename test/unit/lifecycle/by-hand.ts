/** Requests, responses and an authenticator of which the test says everything. No client, no network. */

import {
  type AuthContext,
  Authenticator,
  type AuthenticatorOptions,
  type AuthRequest,
  type AuthResponse,
} from '../../../src/lifecycle/contract.ts';
import { Exchange } from '../../../src/lifecycle/exchange.ts';
import { type HeaderPolicy, ObjectHeaders } from '../../../src/lifecycle/headers.ts';
import { type AdapterOptions, wire } from '../../../src/lifecycle/wiring.ts';

export const HOME = 'https://api.example';

export interface RequestOptions {
  readonly url?: string;
  readonly headers?: Record<string, string>;
  readonly replayable?: boolean;
  readonly policy?: HeaderPolicy;
}

export interface HandRequest extends AuthRequest {
  readonly headers: ObjectHeaders;
}

export function request(options: RequestOptions = {}): HandRequest {
  const { url = `${HOME}/path`, headers = {}, replayable = true, policy = 'overwrite' } = options;
  const parsed = new URL(url);
  return { method: 'GET', origin: parsed.origin, url: parsed, replayable, headers: new ObjectHeaders(headers, policy) };
}

export function response(status: number, to: AuthRequest, more: Partial<AuthResponse> = {}): AuthResponse {
  return { status, request: to, headers: new Headers(), ...more };
}

type Answer = string | Promise<string> | (() => string | Promise<string>);

/** Gives one credential after the other, the last one for ever, and remembers what it was asked. */
export class HandAuth extends Authenticator<string> {
  answers: Answer[];
  readonly contexts: AuthContext<string>[] = [];
  readonly accepted: string[] = [];

  constructor(answers: Answer | readonly Answer[] = 'one', options?: AuthenticatorOptions) {
    super(options);
    this.answers = Array.isArray(answers) ? [...(answers as Answer[])] : [answers as Answer];
  }

  static override getName(): string {
    return 'HandAuth';
  }

  authenticate(context: AuthContext<string>): string | Promise<string> {
    this.contexts.push(context);
    const answer = (this.answers.length > 1 ? this.answers.shift() : this.answers[0]) as Answer;
    return typeof answer === 'function' ? answer() : answer;
  }

  modifyRequest({ headers }: AuthRequest, credential: string): void | Promise<void> {
    headers.set('authorization', credential);
  }

  override onAccepted(credential: string): void {
    this.accepted.push(credential);
  }

  /** How often it was asked for something better. */
  get renewals(): number {
    return this.contexts.filter(({ refused }) => refused !== undefined).length;
  }
}

export interface ExchangeOptions extends AdapterOptions {
  readonly signal?: AbortSignal;
  readonly home?: string;
}

export function exchange(
  auth: Authenticator<string>,
  { signal, home = HOME, ...options }: ExchangeOptions = {},
): Exchange<string> {
  return new Exchange(wire('handAuth', auth, options), signal, home);
}

/** One call of a user against a server that answers with these statuses: what was sent, and where it ended. */
export async function call(auth: Authenticator<string>, statuses: readonly number[], options: RequestOptions = {}) {
  const one = exchange(auth);
  const sent: (string | null)[] = [];
  for (const status of statuses) {
    const attempt = request(options);
    await one.prepare(attempt);
    sent.push(attempt.headers.get('authorization'));
    if (!(await one.review(response(status, attempt)))) return { sent, status };
  }
  throw new Error(`wanted to send more than ${statuses.length} times`);
}

/** The next turn of the event loop: all that is ready to happen has happened. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
