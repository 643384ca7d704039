import { ConfigurationError, CredentialError } from './errors.ts';

/** What most secrets that cannot be sent have in them. */
export const CONTROLS = 'a line break (trim what you read from a file) or another control character';

/** The error of a value that holds what cannot be sent. */
export function unsendable(what: string, problem: string): CredentialError {
  return new CredentialError(`${what} cannot be sent: it holds ${problem}.`);
}

/** Everything that RFC 9110 §5.5 and the clients refuse in a field value: controls but tab, and non-Latin-1. */
const UNSENDABLE = /[^\t\x20-\x7e\x80-\xff]/;

/** Can this be the value of a header? */
export function isHeaderValue(value: string): boolean {
  return !UNSENDABLE.test(value);
}

/** Requests repeat their credential far more often than they change it: the same string needs no second look. */
let lastSendable = '';

/**
 * Refuses a value that cannot travel in a header, before any client sees it: a client's own error would print it.
 *
 * @param what - Names the value in the error, as a user would: `the password`, `option 'key'`.
 * @throws {@link CredentialError} for CR, LF, NUL, other control characters and characters beyond Latin-1.
 */
export function assertHeaderValue(value: string, what: string): void {
  if (value === lastSendable) return;
  if (!isHeaderValue(value)) {
    throw unsendable(what, `${CONTROLS}, or a character beyond Latin-1`);
  }
  lastSendable = value;
}

/** RFC 9110 §5.6.2 `token`. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** Can this be the name of a header? */
export function isHeaderName(name: string): boolean {
  return TOKEN.test(name);
}

/**
 * Refuses what cannot be the name of a header.
 *
 * @throws {@link ConfigurationError} naming the option.
 */
export function assertHeaderName(name: string, option: string): void {
  if (isHeaderName(name)) return;
  throw new ConfigurationError(`option '${option}' takes the name of a header, such as 'x-api-key'.`, { option });
}
