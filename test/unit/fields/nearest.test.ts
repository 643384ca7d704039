import { describe, expect, it } from 'vitest';
import { looksLikeName, suggestion } from '../../../src/fields/nearest.ts';

const KNOWN = ['username', 'password', 'oauth2ClientId', 'url'];

describe('suggestion', () => {
  it.each([
    ['usrname', 'username'],
    ['Username', 'username'],
    ['user_name', 'username'],
    ['user-name', 'username'],
    ['passwd', 'password'],
    ['OAUTH2_CLIENT_ID', 'oauth2ClientId'],
    ['URL', 'url'],
    ['client_id', 'oauth2ClientId'],
    ['user', 'username'],
  ])('asks of %s whether %s was meant', (name, meant) => {
    expect(suggestion(name, KNOWN)).toBe(` Did you mean '${meant}'?`);
  });

  it('names the nearest one where none is near', () => {
    expect(suggestion('tenantOfTheProfile', KNOWN)).toMatch(/^ The nearest known name is '\w+'\.$/);
  });

  it('has nothing to say where nothing is known', () => {
    expect(suggestion('username', [])).toBe('');
  });

  it('takes no time over a name that is none', () => {
    const start = performance.now();
    suggestion('x'.repeat(5_000_000), KNOWN);
    expect(performance.now() - start).toBeLessThan(1000);
  });
});

describe('looksLikeName', () => {
  it.each(['usrname', 'oauth2_client_id', 'ca_path', 'client-id', 'httpHeader3'])('says yes to %s', (name) => {
    expect(looksLikeName(name)).toBe(true);
  });

  it.each(['sk-live/77', 'two words', 'x'.repeat(61), 'a1b2c3', `ghp_16C7e42F292c6912E7710c838347Ae178B4a`, '\n', ''])(
    'says no to %j',
    (name) => {
      expect(looksLikeName(name)).toBe(false);
    },
  );
});
