import { expect, it } from 'vitest';
import { configurationGroups } from './configurations.ts';
import { leaksOf } from './paths.ts';
import { theStage } from './stage.ts';

const stage = theStage();

for (const group of configurationGroups()) {
  it(`no mistake in a configuration leaks: ${group.name}`, async () => {
    expect(await leaksOf(group, stage)).toEqual([]);
  });
}
