/**
 * Signed JWTs as clients send them: assertions (RFC 7523 §3) and DPoP proofs (RFC 9449 §4.2).
 */

import { base64url, type JWTHeaderParameters, SignJWT } from 'jose';
import type { CryptoKey } from '../web-types.ts';

/** What a JWT says, and who signs it. */
export interface JwtContent {
  readonly key: CryptoKey | Uint8Array;
  readonly algorithm: string;
  /** More header parameters than `alg`; those that are `undefined` are left out. */
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
}

/** A JWT in compact form. */
export function signJwt({ key, algorithm, header, claims }: JwtContent): Promise<string> {
  return new SignJWT({ ...claims }).setProtectedHeader({ ...header, alg: algorithm } as JWTHeaderParameters).sign(key);
}

/** 128 bits: RFC 9449 §4.2 asks for at least 96. */
const ID_BYTES = 16;

/** A `jti` that nobody has used before. */
export function freshJwtId(random: (bytes: number) => Uint8Array): string {
  return base64url.encode(random(ID_BYTES));
}

/** The SHA-256 of text, in base64url: DPoP's `ath`. */
export async function sha256(text: string): Promise<string> {
  return base64url.encode(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))));
}
