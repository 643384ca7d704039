import { afterEach, expect, it, vi } from 'vitest';
import { debugLog } from '../../../src/secrets/debug-log.ts';
import { registerSecret } from '../../../src/secrets/registry.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

/** What is printed without `authwire/logging`. */
function printed(fields: Readonly<Record<string, unknown>>): unknown {
  const print = vi.spyOn(console, 'error').mockImplementation(() => {});
  debugLog({ debug: true }).debug('store failed', fields);
  return print.mock.lastCall?.[0];
}

it('shows the fields of an event', () => {
  expect(printed({ authenticator: 'AuthOAuth2', code: 'ERR_AUTH_STORE', nextTryInMs: 131.998458 })).toBe(
    'authwire store failed authenticator=AuthOAuth2 code=ERR_AUTH_STORE nextTryInMs=131.998458',
  );
});

it('shows no secret, encoded or in parts', () => {
  const owner = {};
  registerSecret(owner, 'password', 'open=sesame');
  expect(printed({ reason: 'refused', sent: btoa('open=sesame') })).toBe(
    'authwire store failed reason=refused sent=*****',
  );
  expect(printed({ open: 'sesame' })).toBe('*****');
});
