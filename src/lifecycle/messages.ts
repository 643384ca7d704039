/** Requests and responses as authenticators see them, the same for every client. */

/** The headers of a request, as an authenticator sees them. Names are case-insensitive. */
export interface AuthHeaders {
  /** The value, `null` if there is none. */
  get(name: string): string | null;
  /** Replaces the value. */
  set(name: string, value: string): void;
  /** Removes the header. */
  delete(name: string): void;
  /** Is the header set? */
  has(name: string): boolean;
  /** A header of the caller was preserved instead of ours: the credential is not, or not wholly, on this request. */
  readonly withheld?: boolean;
}

/** One wire attempt of a request, the same for every client. What is set here reaches the wire and nothing else. */
export interface AuthRequest {
  /** In upper case, such as `GET`. */
  readonly method: string;
  /** `scheme://host:port` as the WHATWG URL standard serialises it. */
  readonly origin: string;
  /** Can the body be sent a second time? */
  readonly replayable: boolean;
  /** Parsed only when read. Set it to change the query; origin and path stay the caller's. */
  url: URL;
  /**
   * The request target exactly as it will be sent (RFC 9112 §3.2), where that is not the path and the query in the text of
   * `url`, which the URL standard has normalised.
   */
  readonly target?: string;
  /** The headers of this attempt. */
  readonly headers: AuthHeaders;
  /** The bytes that will be sent, where the client can show them without using up the body. */
  readBody?(): Promise<Uint8Array | undefined>;
}

/** What came back, the same for every client. */
export interface AuthResponse {
  /** The HTTP status. */
  readonly status: number;
  /** The headers. Names are case-insensitive. */
  readonly headers: { get(name: string): string | null };
  /** The request that was answered. */
  readonly request: AuthRequest;
  /** The final URL, where the client followed redirects by itself. */
  readonly url?: string | undefined;
  /** The body as text, bounded. Never uses up the caller's body. */
  readText?(): Promise<string>;
}
