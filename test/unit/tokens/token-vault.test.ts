import { inspect } from 'node:util';
import { expect, it } from 'vitest';
import { RefreshVault } from '../../../src/tokens/refresh-vault.ts';
import { settingsOf } from '../../../src/tokens/settings.ts';

it('keeps no refresh token, used or not, once it has dropped what it holds', async () => {
  const source = { requestToken: async () => ({ accessToken: 'unused', tokenType: 'Bearer' }) };
  const settings = settingsOf(source, {}, {});
  const vault = new RefreshVault({ ...settings, host: { changed: () => {}, troubled: () => {} } });
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
