/**
 * The web's types under the names that TypeScript's DOM library has for them, derived from what @types/node declares as
 * well: our declarations compile without the DOM library.
 */

/** What fetch takes as its first argument, beside a `URL`. */
export type RequestInfo = string | Request;
/** A body as fetch takes it. */
export type BodyInit = NonNullable<RequestInit['body']>;
/** Headers as fetch takes them. */
export type HeadersInit = NonNullable<RequestInit['headers']>;

type Generated = Awaited<ReturnType<typeof crypto.subtle.generateKey>>;
/** A key of Web Crypto. */
export type CryptoKey = Extract<Generated, { readonly type: string }>;
/** A private key of Web Crypto and the public key that belongs to it. */
export type CryptoKeyPair = Extract<Generated, { readonly publicKey: unknown }>;

/** A JSON Web Key (RFC 7517, RFC 7518 §6). */
export interface JWK {
  /** Key type (RFC 7517 §4.1). */
  readonly kty?: string;
  /** Algorithm (RFC 7517 §4.4). */
  readonly alg?: string;
  /** Key id (RFC 7517 §4.5). */
  readonly kid?: string;
  /** Public key use (RFC 7517 §4.2). */
  readonly use?: string;
  /** Key operations (RFC 7517 §4.3). */
  readonly key_ops?: string[];
  /** Extractable (Web Cryptography §15). */
  readonly ext?: boolean;
  /** Curve (RFC 7518 §6.2.1.1). */
  readonly crv?: string;
  /** X coordinate, or the public key of an OKP (RFC 7518 §6.2.1.2, RFC 8037 §2). */
  readonly x?: string;
  /** Y coordinate (RFC 7518 §6.2.1.3). */
  readonly y?: string;
  /** Private key, or private exponent (RFC 7518 §6.2.2.1, §6.3.2.1). */
  readonly d?: string;
  /** Modulus (RFC 7518 §6.3.1.1). */
  readonly n?: string;
  /** Exponent (RFC 7518 §6.3.1.2). */
  readonly e?: string;
  /** Symmetric key (RFC 7518 §6.4.1). */
  readonly k?: string;
  /** First prime factor (RFC 7518 §6.3.2.2). */
  readonly p?: string;
  /** Second prime factor (RFC 7518 §6.3.2.3). */
  readonly q?: string;
  /** First factor CRT exponent (RFC 7518 §6.3.2.4). */
  readonly dp?: string;
  /** Second factor CRT exponent (RFC 7518 §6.3.2.5). */
  readonly dq?: string;
  /** First CRT coefficient (RFC 7518 §6.3.2.6). */
  readonly qi?: string;
  /** X.509 certificate chain (RFC 7517 §4.7). */
  readonly x5c?: string[];
  /** X.509 certificate SHA-1 thumbprint (RFC 7517 §4.8). */
  readonly x5t?: string;
  /** X.509 certificate SHA-256 thumbprint (RFC 7517 §4.9). */
  readonly 'x5t#S256'?: string;
  /** X.509 URL (RFC 7517 §4.6). */
  readonly x5u?: string;
}
