import { inspect } from 'node:util';
import { expect, it } from 'vitest';
import { debugLog } from '../../../src/secrets/debug-log.ts';
import { Clock } from '../../../src/tokens/clock.ts';
import { RefreshVault } from '../../../src/tokens/refresh-vault.ts';

it('keeps no refresh token, used or not, once it has dropped what it holds', async () => {
  const vault = new RefreshVault({
    ...{ skewMs: 0, refreshAheadMs: 0, replayWindowMs: 0, timeToNextRequestMs: 0, singleUseMs: 1000, callbackMs: 1000 },
    ...{ clock: new Clock({}), log: debugLog(), check: undefined, onToken: undefined, owner: {} },
    onChange: () => {},
    onTrouble: () => {},
  });
  vault.start({ accessToken: 'access-1', tokenType: 'Bearer', refreshToken: 'refresh-1' });
  await vault.present('refresh-1', true);
  vault.take(
    { accessToken: 'access-2', tokenType: 'Bearer', refreshToken: 'refresh-2' },
    undefined,
    vault.reserve(),
    undefined,
  );
  await vault.settle();
  const everything = () => inspect(vault, { depth: Number.POSITIVE_INFINITY, customInspect: false });
  expect(everything()).toContain('refresh-1');

  vault.forget();

  expect(everything()).not.toMatch(/refresh-\d/);
});
