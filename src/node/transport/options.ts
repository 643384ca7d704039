import type { TokenOption } from '../../oauth/token-option.ts';
import type { Secret, SecretOption } from '../../secret.ts';

/** How TLS is spoken. Files are PEM unless said otherwise, and are read once, when the transport is made. */
export interface TlsOptions {
  /**
   * The CAs to trust **instead of** Node's own, as PEM text. To trust both, add `tls.rootCertificates`.
   */
  readonly ca?: string | readonly string[];
  /** The same from a file. */
  readonly caFile?: string | URL;
  /** The client certificate, with its chain, as PEM text. */
  readonly cert?: string;
  readonly certFile?: string | URL;
  /** The client certificate's private key, as PEM text. */
  readonly key?: string | Secret;
  readonly keyFile?: string | URL;
  /** Client certificate and private key in one, as PKCS #12. */
  readonly pfx?: Uint8Array;
  readonly pfxFile?: string | URL;
  /** Opens `key` or `pfx`. */
  readonly passphrase?: string | Secret;
  /** `false`: takes every certificate, from whomever. Default: `true`. */
  readonly rejectUnauthorized?: boolean;
}

/** How a proxy is found, and how we prove to it who we are. */
export interface ProxyOptions {
  /** `http://` or `https://`, may hold user name and password, URL-encoded. */
  readonly url?: string | URL;
  /** In the place of `url`: name or IP address of an HTTP proxy. */
  readonly host?: string;
  /** Default: the URL's, else 80, or 443 for `https://`. */
  readonly port?: number;
  /** Basic or Digest, as the proxy wants. */
  readonly username?: SecretOption;
  readonly password?: SecretOption;
  /**
   * `'digest'` never shows the password; `'basic'` sends it with the first request already. Default: the strongest
   * scheme that the proxy offers in its 407.
   */
  readonly scheme?: 'basic' | 'digest';
  /** In the place of a password: a token, or whoever makes it, such as `commandSource({ command })`. */
  readonly token?: TokenOption;
  /** How the token is sent. Default: `'Bearer {}'`. */
  readonly format?: string;
  /**
   * What is reached without the proxy: `example.com` (also its subdomains), `example.com:8443`, `10.0.0.0/8`, `*`.
   */
  readonly noProxy?: readonly string[];
  /** TLS with an `https://` proxy. Default: the CAs of the transport; no client certificate. */
  readonly tls?: TlsOptions;
}

/** What a transport is made of. */
export interface TransportOptions extends TlsOptions {
  /** Default: none; the environment (`HTTPS_PROXY`) is not asked. */
  readonly proxy?: string | URL | ProxyOptions;
  /** How long a connection may take, with proxy and handshake, in milliseconds. Default: 30,000. */
  readonly connectTimeoutMs?: number;
}
