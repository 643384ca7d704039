import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { decodeText } from '../../../../src/adapters/undici/text.ts';

it('reads a body that is encoded as servers do it', async () => {
  expect(await decodeText([gzipSync('plain')], 'identity, gzip', 100)).toBe('plain');
});

it('does not spend time on a chain of codings', async () => {
  const before = performance.now();

  expect(await decodeText([gzipSync('plain')], 'gzip, '.repeat(3000), 100)).toBe('');

  expect(performance.now() - before).toBeLessThan(100);
});
