/** Enough to tell tokens apart, too little to be of any other use. */
const LENGTH = 22;

interface NodeCrypto {
  createHash(algorithm: string): { update(text: string): { digest(encoding: 'base64url'): string } };
}

/** Names a refresh token without holding it: SHA-256, base64url, shortened to 132 bits. At once where the platform can. */
export function fingerprint(refreshToken: string): string | Promise<string> {
  // Not while this file loads: Node takes longer to load its crypto than everything here.
  const { process } = globalThis as { process?: { getBuiltinModule?(name: string): unknown } };
  const node = process?.getBuiltinModule?.('node:crypto') as NodeCrypto | undefined;
  if (node?.createHash !== undefined) return short(node.createHash('sha256').update(refreshToken).digest('base64url'));
  return crypto.subtle.digest('SHA-256', new TextEncoder().encode(refreshToken)).then((hash) => short(base64url(hash)));
}

/** The HMAC of what proves who somebody is, as a part of a store key. */
export async function proofTag(key: Uint8Array, proofs: readonly string[]): Promise<string> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const imported = await crypto.subtle.importKey('raw', key.slice(), algorithm, false, ['sign']);
  const text = new TextEncoder().encode(JSON.stringify(proofs));
  return short(base64url(await crypto.subtle.sign('HMAC', imported, text)));
}

export function base64url(bytes: ArrayBuffer | Uint8Array): string {
  const binary = Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join('');
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function short(text: string): string {
  return text.slice(0, LENGTH);
}
