import { expect, it } from 'vitest';
import { drivers } from '../../helpers/clients.ts';
import { leaksOf } from './paths.ts';
import { theStage } from './stage.ts';
import { storeGroups } from './stores.ts';

const stage = theStage();

for (const group of storeGroups(drivers)) {
  it(`no authenticator leaks at ${group.name}`, async () => {
    expect(await leaksOf(group, stage)).toEqual([]);
  });
}
