import { expect, it } from 'vitest';
import { drivers } from '../../helpers/clients.ts';
import { functionGroups } from './functions.ts';
import { leaksOf } from './paths.ts';
import { theStage } from './stage.ts';

const stage = theStage();

for (const group of functionGroups(drivers)) {
  it(`no authenticator leaks at ${group.name}`, async () => {
    expect(await leaksOf(group, stage)).toEqual([]);
  });
}
