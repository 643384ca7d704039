import { describe, expect, it } from 'vitest';
import { drivers } from '../../helpers/clients.ts';
import { callGroups } from './calls.ts';
import { leaksOf } from './paths.ts';
import { theStage } from './stage.ts';

/**
 * Walks all paths of some clients. A file has few of them: all secrets of a process stay known to its filter, and to
 * search for those of all clients takes longer than everything else.
 */
export function testCalls(...names: readonly string[]): void {
  const stage = theStage();
  const chosen = drivers.filter(({ name }) => names.includes(name));

  describe.each(chosen)('no authenticator leaks through $name', (driver) => {
    for (const group of callGroups(driver)) {
      it(`at ${group.name}`, async () => {
        expect(await leaksOf(group, stage)).toEqual([]);
      });
    }
  });
}
