import type { TokenOption } from '../../oauth/token-option.ts';
import type { Secret, SecretOption } from '../../secret.ts';

/** TLS settings. Files are PEM unless noted otherwise, and are read once, when the transport is created. */
export interface TlsOptions {
  /**
   * The CA certificates to trust **instead of** Node's own, as PEM text. To trust both, add `tls.rootCertificates`.
   * Default: Node's own.
   */
  readonly ca?: string | readonly string[];
  /** A file with them. Default: none. */
  readonly caFile?: string | URL;
  /** The client certificate with its chain, as PEM text. Default: none. */
  readonly cert?: string;
  /** A file with it. Default: none. */
  readonly certFile?: string | URL;
  /** The client certificate's private key, as PEM text. Default: none. */
  readonly key?: string | Secret;
  /** A file with it. Default: none. */
  readonly keyFile?: string | URL;
  /** Client certificate and private key in one, as PKCS #12. Default: none. */
  readonly pfx?: Uint8Array;
  /** A file with them. Default: none. */
  readonly pfxFile?: string | URL;
  /** Decrypts `key` or `pfx`. Default: none. */
  readonly passphrase?: string | Secret;
  /**
   * `false` accepts any certificate, so that anyone on the network path can read and change the traffic. Default:
   * `true`.
   */
  readonly rejectUnauthorized?: boolean;
}

/** Where a proxy is. */
export type ProxyAddress =
  | {
      /** `http://` or `https://`; may hold user name and password, URL-encoded. */
      readonly url: string | URL;
      readonly host?: never;
      /** Default: the URL's, else 80, or 443 for `https://`. */
      readonly port?: number;
    }
  | {
      /** Name or IP address of an `http://` proxy. */
      readonly host: string;
      readonly url?: never;
      /** Default: 80. */
      readonly port?: number;
    };

/** How the client authenticates to the proxy. */
export type ProxyCredentials =
  | {
      /** The user name for Basic or Digest, whichever the proxy asks for. Default: none. */
      readonly username?: SecretOption;
      /** The password of `username`. Default: none. */
      readonly password?: SecretOption;
      /**
       * `'digest'` never sends the password; `'basic'` sends it with the first request. Default: the strongest scheme
       * that the proxy offers in its 407.
       */
      readonly scheme?: 'basic' | 'digest';
      readonly token?: never;
      readonly format?: never;
    }
  | {
      /** A token instead of a password, or a source of tokens such as `commandSource({ command })`. */
      readonly token: TokenOption;
      /** How the token is sent. Default: `'Bearer {}'`. */
      readonly format?: string;
      readonly username?: never;
      readonly password?: never;
      readonly scheme?: never;
    };

/** A proxy: its address, its credentials and the hosts that are reached directly. */
export type ProxyOptions = ProxyAddress &
  ProxyCredentials & {
    /**
     * Hosts that are reached directly: `example.com` (and its subdomains), `example.com:8443`, `10.0.0.0/8`, `*`.
     * Default: none.
     */
    readonly noProxy?: readonly string[];
    /** TLS with an `https://` proxy. Default: the CAs of the transport; no client certificate. */
    readonly tls?: TlsOptions;
  };

/** Options of {@link createTransport}. */
export interface TransportOptions extends TlsOptions {
  /**
   * The proxy, as a URL or with more options. Default: none; environment variables such as `HTTPS_PROXY` are not read.
   */
  readonly proxy?: string | URL | ProxyOptions | undefined;
  /** How long connecting may take, proxy and TLS handshake included, in milliseconds. Default: 30,000. */
  readonly connectTimeoutMs?: number;
  /**
   * The module, as imported from `'undici'`. Needed where a bundle uses `transport.undici`. Default: loaded on first
   * use.
   */
  readonly undici?: unknown;
}
