import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { markedSecret } from '../../helpers/leaks-mark.ts';

const folder = mkdtempSync(join(tmpdir(), 'authwire-output-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What `.ci/run` does with the output of all tests. */
function scan(...texts: readonly string[]): number | null {
  const files = texts.map((text, index) => {
    const file = join(folder, `${index}.txt`);
    writeFileSync(file, text);
    return file;
  });
  return spawnSync(process.execPath, ['scripts/scan-output.mjs', ...files]).status;
}

const clean = ' ✓ unit test/unit/secret.test.ts (31 tests) 12ms\nBearer *****\n';

describe('the scan of a run', () => {
  it('passes what is clean', () => {
    expect(scan(clean, clean)).toBe(0);
  });

  it.each([
    ['as it is', (secret: string) => secret],
    ['in base64', (secret: string) => btoa(`ada:${encodeURIComponent(secret)}`)],
    ['in hex', (secret: string) => Buffer.from(secret).toString('hex')],
    ['cut off', (secret: string) => secret.slice(0, 10)],
  ])('fails for a secret %s', (_form, encode) => {
    expect(scan(clean, `${clean}stderr | ${encode(markedSecret('text'))}\n`)).toBe(1);
  });

  it('fails when there is nothing to scan', () => {
    expect(scan()).toBe(1);
  });
});
