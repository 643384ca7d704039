import type { AuthCallOptions } from '../../../src/lifecycle/call-options.ts';
import type { Authenticator } from '../../../src/lifecycle/contract.ts';

/** What a test asks of a client, said in one way for all of them. */
export interface ClientRequest {
  readonly url: string;
  /** Default `GET`. */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON in the client's own way. */
  readonly json?: unknown;
  /** Given to the client as it is. */
  readonly body?: unknown;
  /** Makes a fresh body for every send, through the adapter's own typed option. */
  readonly bodyFactory?: () => BodyInit;
  readonly signal?: AbortSignal;
  /** The client's own time limit. */
  readonly timeoutMs?: number;
  /** Default `follow`. */
  readonly redirect?: 'follow' | 'manual';
  /** What the call says about its authentication, in the client's own options. */
  readonly auth?: AuthCallOptions;
}

/** What a test sees of an answer. */
export interface ClientResponse {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  text(): Promise<string>;
  /** What the client itself gave. */
  readonly native: unknown;
}

/** Sends with one configured client; throws what the client throws. */
export type Client = (request: ClientRequest) => Promise<ClientResponse>;

export interface ClientOptions {
  /** The client's own base URL where it has one; else it is the driver that resolves, and names the origin. */
  readonly baseUrl?: string;
  readonly origins?: '*' | readonly string[];
  readonly headerPolicy?: 'overwrite' | 'preserve';
  readonly deadlineMs?: number;
  /** How often the client may retry by itself. Default 0. */
  readonly retry?: number;
  /** At most so many TCP connections. Default: the client's own pool. */
  readonly connections?: number;
}

/** Where clients differ, and the suite therefore expects something else. Each driver says why. */
export interface Capabilities {
  /** Does a body given as a string, bytes, a form … reach the adapter in a form that can be sent twice? */
  readonly replaysBodies: boolean;
  /** Is even a stream sent a second time, because the client turned it into something that can be cloned? */
  readonly resendsStreams: boolean;
  /** Can the rest of a refused answer's body be left unread? */
  readonly leavesRefusedBodies: boolean;
  /** Are Blobs accepted as a body? */
  readonly sendsBlobs: boolean;
  /** Is a redirect that comes back from a foreign origin signed again? */
  readonly signsWayBack: boolean;
  /** Can the next hop of a redirect wait for a signature that takes a promise? */
  readonly signsHopsLate: boolean;
  /** Does the client retry by itself, given `retry`? */
  readonly retries: boolean;
  /** Is there a base URL, or a chance of one, so that `origins` is missed only by a call? Otherwise by the adapter. */
  readonly bindsLate: boolean;
  /** Do options of a single call reach the adapter? */
  readonly takesCallOptions: boolean;
  /** Does the client have a base URL, to which the adapter binds the credential? */
  readonly hasBaseUrl: boolean;
  /** Does a status such as 401 or 500 come as an error that the client throws? */
  readonly throwsOnStatus: boolean;
}

/** One HTTP client with our adapter, behind a call shape that all drivers share. */
export interface ClientDriver {
  readonly name: string;
  readonly capabilities: Capabilities;
  /** A client with these authenticators, the first installed first; with none, the client as it comes. */
  create(auth: Authenticator | readonly Authenticator[] | undefined, options?: ClientOptions): Client;
  /** The answer that the client put into an error, where there is one. */
  responseOf(error: unknown): ClientResponse | undefined;
  /** A one-shot body in the form that this client's users would give it. */
  stream(chunks: readonly string[]): unknown;
}

/** What most clients can. A driver names its own differences only. */
export const usualCapabilities: Capabilities = {
  replaysBodies: true,
  resendsStreams: false,
  leavesRefusedBodies: true,
  sendsBlobs: true,
  signsWayBack: false,
  signsHopsLate: true,
  retries: true,
  bindsLate: true,
  takesCallOptions: true,
  hasBaseUrl: true,
  throwsOnStatus: true,
};

/** `create` takes one authenticator, several, or none. */
export function listOf(auth: Authenticator | readonly Authenticator[] | undefined): readonly Authenticator[] {
  if (auth === undefined) return [];
  return Array.isArray(auth) ? (auth as readonly Authenticator[]) : [auth as Authenticator];
}

/** Drops what is undefined, so that a client sees no option that the test did not set. */
export function defined<T extends object>(options: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const entries = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]: Exclude<T[K], undefined> };
}

/** What every adapter takes, from a test's options. */
export function adapterOptions({ origins, headerPolicy, deadlineMs }: ClientOptions) {
  return defined({ origins, headerPolicy, deadlineMs });
}

/** A response of fetch, as tests see it. */
export function fromFetchResponse(response: Response): ClientResponse {
  return {
    status: response.status,
    headers: response.headers,
    text: () => response.text(),
    native: response,
  };
}

/** Header records as Node's clients keep them: lower-case names, several values as a list. */
export function headerReader(headers: Readonly<Record<string, unknown>>): { get(name: string): string | null } {
  return {
    get(name) {
      const value = headers[name.toLowerCase()];
      return value === undefined || value === null ? null : String(value);
    },
  };
}
