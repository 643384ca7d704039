import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { entryProgram, takersOfOptions } from '../helpers/public-api.ts';

const folder = new URL('../types/', import.meta.url);

/** What stands right below an `@ts-expect-error`, which fails to compile where the line is right. */
function refusedLines(): string {
  const files = readdirSync(folder).filter((name) => name.endsWith('.test-d.ts'));
  const texts = files.map((name) => readFileSync(new URL(name, folder), 'utf8'));
  return texts.flatMap((text) => text.match(/@ts-expect-error.*\n.*/g) ?? []).join('\n');
}

it('there is a call with a wrong option, which does not compile, for each public function that takes options', () => {
  const lines = refusedLines();
  const names = takersOfOptions(entryProgram());
  expect(names.length).toBeGreaterThan(50);
  expect(names.filter((name) => !new RegExp(`\\b${name}\\(`).test(lines))).toEqual([]);
}, 60_000);
