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

/** How we prove to a proxy who we are. */
export type ProxyCredentials =
  | {
      /** Basic or Digest, as the proxy wants. */
      readonly username?: SecretOption;
      readonly password?: SecretOption;
      /**
       * `'digest'` never shows the password; `'basic'` sends it with the first request already. Default: the strongest
       * scheme that the proxy offers in its 407.
       */
      readonly scheme?: 'basic' | 'digest';
      readonly token?: never;
      readonly format?: never;
    }
  | {
      /** In the place of a password: a token, or whoever makes it, such as `commandSource({ command })`. */
      readonly token: TokenOption;
      /** How the token is sent. Default: `'Bearer {}'`. */
      readonly format?: string;
      readonly username?: never;
      readonly password?: never;
      readonly scheme?: never;
    };

/** A proxy: where it is, what it is told of us, and what is reached without it. */
export type ProxyOptions = ProxyAddress &
  ProxyCredentials & {
    /**
     * What is reached without the proxy: `example.com` (also its subdomains), `example.com:8443`, `10.0.0.0/8`, `*`.
     */
    readonly noProxy?: readonly string[];
    /** TLS with an `https://` proxy. Default: the CAs of the transport; no client certificate. */
    readonly tls?: TlsOptions;
  };

/** What a transport is made of. */
export interface TransportOptions extends TlsOptions {
  /** Default: none; the environment (`HTTPS_PROXY`) is not asked. */
  readonly proxy?: string | URL | ProxyOptions | undefined;
  /** How long a connection may take, with proxy and handshake, in milliseconds. Default: 30,000. */
  readonly connectTimeoutMs?: number;
  /** What you import from `'undici'`. Default: loaded when needed. Name it where a bundle uses `transport.undici`. */
  readonly undici?: unknown;
}
