import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext, type SecureContext, type SecureContextOptions } from 'node:tls';
import { ConfigurationError } from '../../errors.ts';
import { reveal } from '../../secret.ts';
import { errorCode } from '../../secrets/plain-cause.ts';
import type { TlsOptions } from './options.ts';

/** What the handshakes of a transport have in common. Keys are inside OpenSSL and nowhere else. */
export interface TlsMaterial {
  /** Absent: Node's own CAs, and no client certificate. */
  readonly secureContext?: SecureContext;
  readonly rejectUnauthorized: boolean;
}

/** Names an option as the user has written it. */
export type OptionName = (option: keyof TlsOptions) => { readonly option: string; readonly shown: string };

export const asOption: OptionName = (option) => ({ option, shown: `option '${option}'` });

/**
 * Reads and checks certificates and keys.
 *
 * @throws {@link ConfigurationError} naming the option that is missing, unreadable, or not what it should be.
 */
export function tlsMaterial(options: TlsOptions, name: OptionName = asOption): TlsMaterial {
  const { rejectUnauthorized = true } = options;
  if (typeof rejectUnauthorized !== 'boolean') throw wrong(name('rejectUnauthorized'), 'must be true or false');
  if (!rejectUnauthorized) warnOnce();
  const ca = authorities(options, name);
  const client = clientCertificate(options, name);
  if (ca === undefined && client === undefined) return { rejectUnauthorized };
  return { rejectUnauthorized, secureContext: context({ ...client, ...(ca && { ca }) }, options, name) };
}

function authorities(options: TlsOptions, name: OptionName): string[] | undefined {
  const option = options.ca === undefined ? 'caFile' : 'ca';
  const given = options.ca ?? fromFile(options, 'caFile', name)?.toString('utf8');
  if (given === undefined) return undefined;
  const texts = (Array.isArray(given) ? given : [given]).map((text) => String(text));
  // OpenSSL leaves out what it cannot read, and then trusts nobody.
  const certificates = texts.flatMap((text) => text.match(CERTIFICATE) ?? [undefined]);
  if (certificates.length === 0 || !certificates.every(isCertificate)) {
    throw wrong(name(option), 'must hold CA certificates in PEM (-----BEGIN CERTIFICATE-----)');
  }
  return certificates as string[];
}

const CERTIFICATE = /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----[^-]+-----END (?:TRUSTED |X509 )?CERTIFICATE-----/g;

function isCertificate(pem: string | undefined): boolean {
  try {
    return pem !== undefined && new X509Certificate(pem).subject !== null;
  } catch {
    return false;
  }
}

function clientCertificate(options: TlsOptions, name: OptionName): SecureContextOptions | undefined {
  const pfx = options.pfx ?? fromFile(options, 'pfxFile', name);
  const cert = options.cert ?? fromFile(options, 'certFile', name);
  const key = options.key === undefined ? fromFile(options, 'keyFile', name) : reveal(options.key);
  if (pfx === undefined && cert === undefined && key === undefined) return undefined;
  if (pfx === undefined && (cert === undefined || key === undefined)) {
    throw wrong(
      name(cert === undefined ? 'certFile' : 'keyFile'),
      'is missing: a client certificate and its key go together',
    );
  }
  const passphrase = options.passphrase === undefined ? undefined : reveal(options.passphrase);
  const given = pfx === undefined ? { cert, key } : { pfx: Buffer.from(pfx) };
  return { ...given, ...(passphrase !== undefined && { passphrase }) } as SecureContextOptions;
}

function fromFile(options: TlsOptions, option: 'caFile' | 'certFile' | 'keyFile' | 'pfxFile', name: OptionName) {
  const path = options[option];
  if (path === undefined) return undefined;
  try {
    return readFileSync(path);
  } catch (error) {
    // The system's message repeats the path, which is the key itself where somebody has mixed up the options.
    throw wrong(name(option), `names a file that cannot be read (${errorCode(error) ?? 'unknown error'})`);
  }
}

/** OpenSSL's own words say what is wrong with a key; they quote nothing of it. */
function context(material: SecureContextOptions, options: TlsOptions, name: OptionName): SecureContext {
  try {
    return createSecureContext(material);
  } catch (error) {
    const given = (['pfx', 'pfxFile', 'key', 'keyFile'] as const).find((option) => options[option] !== undefined);
    const code = errorCode(error);
    const reason = code === undefined ? '' : ` (${code})`;
    throw wrong(
      name(given ?? 'ca'),
      `cannot be used${reason}: is it PEM (or PKCS #12 for pfx), is option 'passphrase' right, does the key belong to the certificate?`,
    );
  }
}

function wrong({ option, shown }: ReturnType<OptionName>, what: string): ConfigurationError {
  return new ConfigurationError(`${shown} ${what}.`, { option });
}

let warned = false;

function warnOnce(): void {
  if (warned) return;
  warned = true;
  process.emitWarning(
    'authwire: a transport takes every TLS certificate (rejectUnauthorized or sslverifypeer is false): anyone on ' +
      "the network path can read and change everything, passwords and tokens included. Trust one CA instead: option 'caFile' " +
      "(field 'ca_path').",
    { code: 'AUTHWIRE_TLS_UNVERIFIED' },
  );
}
