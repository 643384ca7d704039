import { describe, expect, it } from 'vitest';
import { readCatalog } from '../../../src/keystone/catalog.ts';
import { tokenChallenge } from '../../../src/oauth/token-challenge.ts';
import { tokenReader } from '../../../src/oauth/token-response.ts';
import { withoutSlashes } from '../../../src/oauth/without-slashes.ts';

const challenge = (field: string) => tokenChallenge({ headers: new Headers({ 'www-authenticate': field }) });
const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
const names = (count: number) => Array.from({ length: count }, (_, i) => `s${i}`);

describe('what a server sends is bounded:', () => {
  it.each([
    ['claims of a plausible depth', nested(16), true],
    ['deeper claims', nested(17), false],
    ['very deep claims', nested(1000), false],
    ['long claims', JSON.stringify({ a: 'x'.repeat(8000) }), false],
  ])('%s', (_name, claims, heeded) => {
    expect(challenge(`Bearer claims="${btoa(claims)}"`).claims).toBe(heeded ? claims : undefined);
  });

  it('scopes of a challenge', () => {
    expect(challenge(`Bearer scope="${names(100).join(' ')}"`).scope).toHaveLength(100);
    expect(challenge(`Bearer scope="${names(101).join(' ')}"`).scope).toBeUndefined();
  });

  it('scopes of a token answer', () => {
    const text = JSON.stringify({ access_token: 't', scope: names(20_000).join(' ') });
    const token = tokenReader()({ endpoint: '', status: 200, headers: new Headers(), text, receivedAt: 0 });
    expect(token.scope).toHaveLength(1000);
  });

  it('the URLs and the number of endpoints in a catalogue', () => {
    const endpoint = (url: string) => ({ interface: 'public', region: 'one', url });
    const slashes = endpoint(`https://x.example/${'/'.repeat(500_000)}a`);
    const many = Array.from({ length: 20_000 }, () => endpoint('https://x.example//'));
    const start = performance.now();
    const catalog = readCatalog([{ type: 'compute', endpoints: [slashes, ...many] }]);
    expect(performance.now() - start).toBeLessThan(2000);
    expect([catalog.length, catalog[0]?.url]).toEqual([5000, 'https://x.example']);
  });

  it('slashes at the end of a path, in linear time', () => {
    const start = performance.now();
    expect(withoutSlashes(`${'/'.repeat(1_000_000)}a`)).toHaveLength(1_000_001);
    expect(withoutSlashes(`/a${'/'.repeat(1_000_000)}`)).toBe('/a');
    expect(performance.now() - start).toBeLessThan(500);
  });
});
