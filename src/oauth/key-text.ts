/**
 * Private keys as people have them: out of variables and secret stores, as OpenSSL and ssh-keygen write them.
 */

import { CredentialError } from '../errors.ts';

/** A block of PEM text (RFC 7468), and whether it needs a passphrase. */
export interface PemKey {
  /** The text after `BEGIN`, such as `EC PRIVATE KEY`. */
  readonly label: string;
  readonly pem: string;
  readonly encrypted: boolean;
}

/** Undoes what variables do to keys: quotes around them, line breaks as `\n`, base64 around the whole. */
export function plainKeyText(given: string): string {
  const text = unquoted(given);
  if (/-----BEGIN |^\{/.test(text) || !/^[\w+/=\s-]+$/.test(text)) return text;
  const decoded = unquoted(fromBase64(text) ?? '');
  return /-----BEGIN |^\{/.test(decoded) ? decoded : text;
}

function unquoted(given: string): string {
  const text = given.replace(/^\ufeff/, '').trim();
  const bare = (/^(["'`])([\s\S]*)\1$/.exec(text)?.[2] ?? text).trim();
  return bare.startsWith('{') ? bare : bare.replace(/\\+r/g, '').replace(/\\+n/g, '\n');
}

function fromBase64(text: string): string | undefined {
  try {
    return atob(text.replace(/\s/g, '').replace(/-/g, '+').replace(/_/g, '/'));
  } catch {
    return undefined;
  }
}

const BLOCK = /-----BEGIN ([A-Z\d ]{1,40})-----([^-]*(?:-(?!----)[^-]*)*)-----END \1-----/g;

/**
 * The private key among the blocks of PEM text: bags, parameters and certificates may stand around it.
 *
 * @throws {@link CredentialError} which says what was found instead.
 */
export function privateKeyBlock(text: string, what: string): PemKey {
  const blocks = [...text.matchAll(BLOCK)].map(([, label = '', body = '']) => ({ label, body }));
  const found = blocks.find(({ label }) => /(?:^| )PRIVATE KEY$/.test(label));
  if (found === undefined) {
    const [first] = blocks;
    if (first !== undefined) throw unreadable(what, `it is '${first.label}'`);
    throw unreadable(
      what,
      text.includes('-----BEGIN ')
        ? "its line '-----END' is missing, so it was cut off"
        : "it has neither a line '-----BEGIN PRIVATE KEY-----' nor JSON",
    );
  }
  const { label, body } = found;
  const legacy = /Proc-Type:\s*4,\s*ENCRYPTED/.test(body);
  // One line with blanks is what some variables make of a key. The headers of a legacy encryption need their lines.
  const lines = legacy ? body.trim() : (body.replace(/\s/g, '').match(/.{1,64}/g) ?? []).join('\n');
  const pem = `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----\n`;
  return { label, pem, encrypted: legacy || label === 'ENCRYPTED PRIVATE KEY' };
}

/**
 * The key as PKCS #8, by node:crypto: WebCrypto reads nothing else.
 *
 * @throws {@link CredentialError} where there is no node:crypto, and where it cannot read the key.
 */
export function toPkcs8({ label, pem, encrypted }: PemKey, what: string, passphrase: string | undefined): string {
  if (label === 'PRIVATE KEY') return pem;
  if (label === 'OPENSSH PRIVATE KEY') {
    throw unreadable(
      what,
      "it is a key of OpenSSH: convert a copy with 'ssh-keygen -p -m PKCS8 -f' (RSA and ECDSA only)",
    );
  }
  const crypto = globalThis.process?.getBuiltinModule?.('node:crypto');
  if (typeof crypto?.createPrivateKey !== 'function') {
    const way = "convert it with 'openssl pkcs8 -topk8 -nocrypt'";
    throw unreadable(what, `it is '${label}' and this platform has no node:crypto: ${way}`);
  }
  if (encrypted && passphrase === undefined) throw unreadable(what, "it is encrypted: set option 'passphrase'");
  const read = () => {
    try {
      const key = crypto.createPrivateKey({ key: pem, ...(encrypted && { passphrase }) });
      return String(key.export({ type: 'pkcs8', format: 'pem' }));
    } catch {
      return undefined;
    }
  };
  const pkcs8 = read();
  if (pkcs8 !== undefined) return pkcs8;
  if (encrypted) throw unreadable(what, "it cannot be decrypted with option 'passphrase'");
  throw unreadable(what, `its '${label}' is damaged`);
}

/** What is no key, or none that can be read; the key itself is never shown. */
export function unreadable(what: string, found: string): CredentialError {
  return new CredentialError(`${what} cannot be read as a private key (PEM or JWK): ${found}.`);
}
