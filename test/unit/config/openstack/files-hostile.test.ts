import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readCloudFiles } from '../../../../src/config/openstack/files.ts';
import { ConfigurationError } from '../../../../src/errors.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'authwire-clouds-'));
});
afterAll(() => rm(folder, { recursive: true }));

const levels = Array.from({ length: 24 }, (_, i) => `l${i + 1}: &l${i + 1} {a: *l${i}, b: *l${i}}`).join('\n');

it.each([
  ['a circle', 'clouds: &a\n  b: *a\n'],
  ['aliases of aliases', `l0: &l0 {x: y}\n${levels}\nclouds: *l24\n`],
  ['thousands of anchors', Array.from({ length: 20_000 }, (_, i) => `k${i}: &a${i} v\nr${i}: *a${i}`).join('\n')],
])('refuses %s at once', async (name, text) => {
  const file = join(folder, `${name}.yaml`);
  await writeFile(file, text);
  const started = performance.now();

  await expect(readCloudFiles({}, [file])).rejects.toThrow(ConfigurationError);
  expect(performance.now() - started).toBeLessThan(3000);
});
