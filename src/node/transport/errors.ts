import { AuthError } from '../../errors.ts';
import { errorCode, plainCause } from '../../secrets/plain-cause.ts';

/** Options of {@link ProxyError}. */
export interface ProxyErrorOptions extends ErrorOptions {
  /** The proxy, as `host:port`. */
  readonly proxy: string;
  /** The status that the proxy answered with. Default: `undefined`. */
  readonly status?: number;
}

/** The proxy cannot be reached, refused the credential, or did not behave as a proxy. */
export class ProxyError extends AuthError {
  /** The proxy, as `host:port`. */
  readonly proxy: string;
  /** The status that the proxy answered with; 407 means a refused credential. `undefined` where it did not answer. */
  readonly status: number | undefined;

  constructor(message: string, options: ProxyErrorOptions) {
    super(message, { cause: plainCause(options.cause), code: 'ERR_AUTH_PROXY' });
    this.proxy = options.proxy;
    this.status = options.status;
  }
}

/** Options of {@link TlsError}. */
export interface TlsErrorOptions extends ErrorOptions {
  /** The server, as `host:port`. */
  readonly host: string;
  /** The code of Node or OpenSSL, such as `SELF_SIGNED_CERT_IN_CHAIN`. */
  readonly reason: string | undefined;
}

/** A TLS handshake failed, in most cases because the certificate is not trusted. */
export class TlsError extends AuthError {
  /** The server, as `host:port`. */
  readonly host: string;
  /** The code of Node or OpenSSL, such as `SELF_SIGNED_CERT_IN_CHAIN`. */
  readonly reason: string | undefined;

  constructor(message: string, options: TlsErrorOptions) {
    super(message, { cause: plainCause(options.cause), code: 'ERR_AUTH_TLS' });
    this.host = options.host;
    this.reason = options.reason;
  }
}

/** The end of a sentence: the system's code in brackets, and nothing of its message. */
export function because(error: unknown): string {
  const code = errorCode(error);
  return code === undefined ? '' : ` (${code})`;
}

/** What a failed handshake means, and which option decides it. */
export function tlsError(host: string, cause: unknown): TlsError {
  const reason = errorCode(cause);
  return new TlsError(`${host}: ${meaning(reason)}${because(cause)}.${advice(reason)}`, { host, reason, cause });
}

function meaning(reason = ''): string {
  if (reason === 'ERR_TLS_CERT_ALTNAME_INVALID') return 'its certificate is for other names';
  if (reason === 'CERT_HAS_EXPIRED') return 'its certificate has expired';
  if (reason === 'CERT_NOT_YET_VALID') return 'its certificate is not valid yet';
  return isUntrusted(reason) ? 'its certificate comes from a CA that is not trusted here' : 'the TLS handshake failed';
}

function advice(reason = ''): string {
  if (isUntrusted(reason)) return " Give that CA: option 'caFile' or 'ca' (field 'ca_path').";
  if (reason.includes('ALERT') || reason.includes('HANDSHAKE')) {
    return " If it asks for a client certificate: options 'certFile' and 'keyFile'.";
  }
  return '';
}

function isUntrusted(reason: string): boolean {
  return reason.includes('SELF_SIGNED') || reason.startsWith('UNABLE_TO_') || reason === 'CERT_UNTRUSTED';
}
