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
  readonly kty?: string;
  readonly alg?: string;
  readonly kid?: string;
  readonly use?: string;
  readonly key_ops?: string[];
  readonly ext?: boolean;
  readonly crv?: string;
  readonly x?: string;
  readonly y?: string;
  readonly d?: string;
  readonly n?: string;
  readonly e?: string;
  readonly k?: string;
  readonly p?: string;
  readonly q?: string;
  readonly dp?: string;
  readonly dq?: string;
  readonly qi?: string;
  readonly x5c?: string[];
  readonly x5t?: string;
  readonly 'x5t#S256'?: string;
  readonly x5u?: string;
}
