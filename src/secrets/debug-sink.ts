/** Where debug lines go: pino, and every logger that takes fields before the message. */
export interface DebugSink {
  /** Takes the fields of a line and its text. */
  debug(fields: Readonly<Record<string, unknown>>, message: string): void;
}

/** The options of everything that logs. */
export interface LoggerOptions {
  /** Say what happens to credentials, and why. Never their values. Default: `false`. */
  readonly debug?: boolean;
  /** Where to say it. Default: one line each on the console's error stream. */
  readonly logger?: DebugSink;
}

/** Speaks only when `debug` is on. Everything it says is masked. */
export interface AuthLogger {
  /** Ask first where gathering the fields costs something. */
  readonly enabled: boolean;
  /**
   * One event. The fields that recur: `authenticator`, `origin`, `generation` (which token, counted), `reason` (why it
   * was fetched, renewed, withheld or refused), `status`, and durations in milliseconds such as `tookMs`.
   */
  debug(message: string, fields?: Readonly<Record<string, unknown>>): void;
}
