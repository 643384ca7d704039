import { execFileSync } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConfigurationError } from '../../../../src/errors.ts';
import type { TlsOptions } from '../../../../src/node/transport/options.ts';
import { tlsMaterial } from '../../../../src/node/transport/tls-material.ts';
import { secret } from '../../../../src/secret.ts';
import { type Certificate, certificate, certificateAuthority } from '../../../helpers/network/certificates.ts';

const folder = mkdtempSync(join(tmpdir(), 'authwire-material-'));
const fixture = new URL('../../../fixtures/tls/client.p12', import.meta.url);
let ca: Certificate;
let client: Certificate;
let locked: string;

beforeAll(async () => {
  ca = await certificateAuthority();
  client = await certificate(ca, 'robot');
  const key = createPrivateKey(client.key);
  locked = key.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'open sesame' }).toString();
  writeFileSync(join(folder, 'junk'), 'no certificate at all');
});

afterAll(() => rmSync(folder, { recursive: true }));

describe('tlsMaterial', () => {
  it('leaves everything to Node where nothing is said', () => {
    expect(tlsMaterial({})).toEqual({ rejectUnauthorized: true });
  });

  it.each<[string, () => TlsOptions]>([
    ['a CA', () => ({ ca: ca.cert })],
    ['several CAs in one text', () => ({ ca: `${ca.cert}\n${client.cert}` })],
    ['a client certificate', () => ({ cert: client.cert, key: secret(client.key) })],
    ['PKCS #12', () => ({ pfx: readFileSync(fixture), passphrase: 'open sesame' })],
    ['a file of PKCS #12', () => ({ pfxFile: fixture, passphrase: 'open sesame' })],
    ['a locked key', () => ({ cert: client.cert, key: locked, passphrase: secret('open sesame') })],
  ])('makes one context of %s, and shows nothing of it', (_what, options) => {
    const material = tlsMaterial(options());
    expect(material.secureContext).toBeDefined();
    const shown = inspect(material, { depth: null, showHidden: true });
    for (const line of client.key.split('\n').slice(1, -2)) expect(shown).not.toContain(line);
    expect(shown).not.toContain('open sesame');
  });

  it.each<[string, () => unknown, option: string, RegExp]>([
    ['text that is no CA', () => ({ ca: 'no certificate' }), 'ca', /PEM/],
    ['an empty CA', () => ({ ca: '' }), 'ca', /PEM/],
    ['no CA in the list', () => ({ ca: [] }), 'ca', /PEM/],
    ['one text of several that is no CA', () => ({ ca: [ca.cert, 'junk'] }), 'ca', /PEM/],
    ['a broken CA', () => ({ ca: ca.cert.replace(/[A-Z]{3}/, '###') }), 'ca', /PEM/],
    ['a file that is not there', () => ({ caFile: join(folder, 'none') }), 'caFile', /cannot be read \(ENOENT\)/],
    ['a folder', () => ({ caFile: folder }), 'caFile', /cannot be read \(EISDIR\)/],
    ['a file that holds no CA', () => ({ caFile: join(folder, 'junk') }), 'caFile', /PEM/],
    ['a certificate without its key', () => ({ cert: client.cert }), 'keyFile', /go together/],
    ['a key without its certificate', () => ({ key: client.key }), 'certFile', /go together/],
    ['a file of a key that is not there', () => ({ cert: client.cert, keyFile: '/none' }), 'keyFile', /ENOENT/],
    ['the key of another certificate', () => ({ cert: client.cert, key: ca.key }), 'key', /belong to the certificate/],
    [
      'the wrong passphrase',
      () => ({ cert: client.cert, key: locked, passphrase: 'unspeakable' }),
      'key',
      /passphrase/,
    ],
    ['the wrong passphrase of a pfx', () => ({ pfxFile: fixture, passphrase: 'unspeakable' }), 'pfxFile', /passphrase/],
    ['a pfx that is none', () => ({ pfx: Buffer.from('junk') }), 'pfx', /PKCS #12/],
    ['a word in the place of false', () => ({ rejectUnauthorized: 'no' }), 'rejectUnauthorized', /true or false/],
  ])('refuses %s, and names the option', (_what, options, option, message) => {
    const read = () => tlsMaterial(options() as TlsOptions);
    expect(read).toThrow(ConfigurationError);
    expect(read).toThrow(expect.objectContaining({ option }));
    expect(read).toThrow(message);
    expect(read).not.toThrow(/unspeakable/);
  });

  it('warns once of unchecked certificates, and says what that means', () => {
    const module = new URL('../../../../src/node/transport/tls-material.ts', import.meta.url).href;
    const script = `
      const { tlsMaterial } = await import(${JSON.stringify(module)});
      process.on('warning', ({ code, message }) => console.log(code, message));
      for (let call = 0; call < 3; call += 1) tlsMaterial({ rejectUnauthorized: false });
    `;
    const args = ['--input-type=module', '--no-warnings', '--eval', script];
    const said = execFileSync(process.execPath, args, { encoding: 'utf8' }).trim().split('\n');
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(/^AUTHWIRE_TLS_UNVERIFIED .*read and change everything.*'caFile'/);
  });
});
