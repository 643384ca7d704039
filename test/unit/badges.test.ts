import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { BADGES, badgesOf } from '../../scripts/badges.mjs';
import { statedSizes } from '../../scripts/readme-sizes.mjs';
import { root } from '../helpers/snippets.ts';

const read = (name: string) => readFile(join(root, BADGES, name), 'utf8');

it('states in badges what the table of sizes, the matrix and the last full run of the tests say', async () => {
  const tests = Number(/over ([\d,]+)/.exec(await read('tests.svg'))?.[1]?.replaceAll(',', ''));
  const size = Math.min(...statedSizes().values()).toFixed(1);
  const files = await readdir(join(root, BADGES));
  const badges = await Promise.all(files.map(async (name) => [name, await read(name)] as const));

  expect(Object.fromEntries(badges)).toEqual(badgesOf({ size, tests }));
});
