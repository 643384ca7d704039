/** Certificates for tests, made when they are needed: a CA, and what it signs. */

import { generate } from 'selfsigned';

export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

const EC = { keyType: 'ec', algorithm: 'sha256' } as const;

/** A CA of its own, which nobody trusts yet. */
export async function certificateAuthority(name = 'Test CA'): Promise<Certificate> {
  const extensions = [
    { name: 'basicConstraints', cA: true, critical: true },
    { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
  ] as const;
  const { cert, private: key } = await generate([{ name: 'commonName', value: name }], {
    ...EC,
    extensions: [...extensions],
  });
  return { cert, key };
}

/** A certificate for a server of these names (an address is one as well) or, with none, for a client. */
export async function certificate(
  ca: Certificate,
  name: string,
  altNames: readonly string[] = [],
): Promise<Certificate> {
  const alternatives = altNames.map((alt) =>
    /^[\d.]+$|:/.test(alt) ? { type: 7 as const, ip: alt } : { type: 2 as const, value: alt },
  );
  const { cert, private: key } = await generate([{ name: 'commonName', value: name }], {
    ...EC,
    ca: { cert: ca.cert, key: ca.key },
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'keyUsage', digitalSignature: true },
      { name: 'extKeyUsage', serverAuth: true, clientAuth: true },
      ...(alternatives.length > 0 ? [{ name: 'subjectAltName' as const, altNames: alternatives }] : []),
    ],
  });
  return { cert, key };
}
