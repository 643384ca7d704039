import { describe, expect, it } from 'vitest';
import { drivers } from '../../helpers/clients.ts';
import { callGroups } from './calls.ts';
import { leaksOf } from './paths.ts';
import { theStage } from './stage.ts';

const stage = theStage();

describe.each(drivers)('no authenticator leaks through $name', (driver) => {
  for (const group of callGroups(driver)) {
    it(`at ${group.name}`, async () => {
      expect(await leaksOf(group, stage)).toEqual([]);
    });
  }
});
