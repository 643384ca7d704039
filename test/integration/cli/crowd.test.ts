import { expect, it } from 'vitest';
import { cliCrowd } from '../../faults/cli-crowd.ts';

it('many commands and programs at once damage nothing, and the last login or logout wins', async () => {
  expect(await cliCrowd(3)).toMatchObject({ commands: 12, damaged: 0, failed: 0, complaints: 0, wrongEnds: 0 });
});
