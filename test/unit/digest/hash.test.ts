import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { digestAlgorithm } from '../../../src/digest/algorithm.ts';
import { type HashName, hashBytes, hashText } from '../../../src/digest/hash.ts';
import { portableHash } from '../../../src/digest/portable-hash.ts';

const names: HashName[] = ['md5', 'sha256', 'sha512-256'];
const texts = ['', 'abc', 'x'.repeat(1000)];
const byNode = (name: string, data: string | Uint8Array) => createHash(name).update(data).digest('hex');

describe.each(names)('%s', (name) => {
  it.each(texts)('of %j is what OpenSSL says, on every platform', (text) => {
    expect(hashText(name, text)).toBe(byNode(name, text));
    expect(portableHash(name)(text)).toBe(byNode(name, text));
  });

  it('takes each character of a text for one byte', () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
    expect(hashText(name, String.fromCharCode(...bytes))).toBe(byNode(name, bytes));
    expect(hashBytes(name, bytes)).toBe(byNode(name, bytes));
    expect(portableHash(name)(bytes)).toBe(byNode(name, bytes));
  });

  it('is what OpenSSL says for messages that fill one to three blocks, on every platform', () => {
    const hash = portableHash(name);
    for (let length = 0; length <= 3 * 128; length += 1) {
      const message = new Uint8Array(length).fill(length);
      expect(hash(message), `${length} bytes`).toBe(byNode(name, message));
    }
  });

  it('is what OpenSSL says for any bytes, on every platform', () => {
    const hash = portableHash(name);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 5000 }), (message) => {
        expect(hash(message)).toBe(byNode(name, message));
      }),
    );
  });
});

describe('where there is no node:crypto, or an old one, or one that forbids MD5', () => {
  afterEach(() => vi.unstubAllGlobals());

  const crypto = { createHash };
  const forbidding = {
    hash: (name: string, data: string) => {
      if (name === 'md5') throw new Error('not allowed');
      return byNode(name, data);
    },
  };
  it.each([
    ['none', undefined],
    ['another runtime', {}],
    ['no such module', { getBuiltinModule: () => undefined }],
    ['createHash only', { getBuiltinModule: () => crypto }],
    ['no MD5', { getBuiltinModule: () => forbidding }],
  ])('%s', async (_, process) => {
    vi.resetModules();
    vi.stubGlobal('process', process);
    await import('../../../src/entries/digest.ts');
    const fresh = await import('../../../src/digest/hash.ts');
    const found = names.map((name) => fresh.hashText(name, 'abc'));
    vi.unstubAllGlobals();
    expect(found).toEqual(names.map((name) => byNode(name, 'abc')));
  });

  it('an algorithm is unknown where nothing computes its hash', async () => {
    vi.resetModules();
    vi.stubGlobal('process', { getBuiltinModule: () => forbidding });
    await import('../../../src/entries/digest-node.ts');
    const fresh = await import('../../../src/digest/algorithm.ts');
    const fresher = await import('../../../src/digest/hash.ts');
    expect(() => fresher.hashText('md5', 'abc')).toThrow("import AuthDigest from 'authwire/digest'");
    const found = ['MD5', 'MD5-sess', 'SHA-256'].map((name) => fresh.digestAlgorithm(name)?.hash);
    vi.unstubAllGlobals();
    expect(found).toEqual([undefined, undefined, 'sha256']);
    expect(digestAlgorithm('MD5')?.hash).toBe('md5');
  });
});

it('is the real SHA-512/256 (FIPS 180-4), not SHA-512 cut short', () => {
  const vector = '53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23';
  expect(hashText('sha512-256', 'abc')).toBe(vector);
});
