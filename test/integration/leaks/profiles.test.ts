import { expect, it } from 'vitest';
import { leaksOf } from './paths.ts';
import { profileGroups } from './profiles.ts';
import { theStage } from './stage.ts';

const stage = theStage();

for (const group of profileGroups()) {
  it(`no profile leaks through ${group.name}`, { timeout: 60_000 }, async () => {
    expect(await leaksOf(group, stage)).toEqual([]);
  });
}
