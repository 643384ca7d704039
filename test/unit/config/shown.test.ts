import { describe, expect, it } from 'vitest';
import type { Entry, FieldName } from '../../../src/config/layer.ts';
import { saidFields } from '../../../src/config/shown.ts';

function shown(field: FieldName, value: string): unknown {
  const entry: Entry = { value, layer: 'user', place: 'a.toml:1' };
  return saidFields(new Map([[field, entry]]), {})[0]?.value;
}

describe('an address', () => {
  it.each<[FieldName, string, string]>([
    ['proxyHost', 'ada:PASSWORD@proxy:3128', '*****@proxy:3128'],
    ['proxyHost', 'http://ada:PASS/WORD@proxy', 'http://*****@proxy'],
    ['url', 'https://ada:PASS/WORD@h/path', 'https://*****@h/path'],
    ['url', 'https://ada:PASS?WORD#@h/path?key=KEY', 'https://*****'],
    ['url', 'https://h/?key=KEY@KEY', 'https://*****'],
    ['url', 'https://ada:PASS@WORD@h/', 'https://*****@h/'],
    ['authEndpoint', '//ada:PASS/WORD@h/login', '*****@h/login'],
    ['oauth2TokenURL', 'https://h/token?client=KEY', 'https://h/token?*****'],
  ])('in %s is shown without what may be a password: %s', (field, value, text) => {
    expect(shown(field, value)).toBe(text);
  });
});

it('shows names that hold an @ as they are', () => {
  expect(shown('username', 'ada@example.com')).toBe('ada@example.com');
});
