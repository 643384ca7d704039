import { inspect } from 'node:util';
import { expect, it } from 'vitest';
import { AuthNone } from '../../../src/authenticators/none.ts';
import { CallCredentials } from '../../../src/lifecycle/call-credentials.ts';

it('shows no credential, however it is printed', async () => {
  const auth = new AuthNone();
  const credentials = new CallCredentials([[auth, 's3cret']]);
  credentials.pending = { authenticator: auth, credential: Promise.resolve('s3cret') };
  await credentials.pending.credential;
  for (const one of [credentials, credentials.with(auth, 's3cret')]) {
    const shown = inspect(one, { showHidden: true, getters: false, depth: 9 }) + JSON.stringify(one);
    expect(shown).not.toContain('s3cret');
    expect(one.of(auth)).toBe('s3cret');
  }
});

it('is another object after a renewal, with all that it had', () => {
  const [one, other] = [new AuthNone(), new AuthNone()];
  const credentials = new CallCredentials([[one, 'a']]);
  credentials.hasRepeated = true;
  const next = credentials.with(other, 'b');
  expect(next).not.toBe(credentials);
  expect([next.of(one), next.of(other), next.hasRepeated, credentials.has(other)]).toEqual(['a', 'b', true, false]);
});
