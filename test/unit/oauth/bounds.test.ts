import { describe, expect, it } from 'vitest';
import { RedirectChain } from '../../../src/adapters/web/redirect.ts';
import { readCatalog } from '../../../src/keystone/catalog.ts';
import { endToEnd } from '../../../src/node/transport/gateway/headers.ts';
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

  it('a token type that is shown in an error', () => {
    const text = JSON.stringify({ access_token: 'token-1', token_type: 'B'.repeat(1_000_000) });
    const start = performance.now();
    expect(() => tokenReader()({ endpoint: '', status: 200, headers: new Headers(), text, receivedAt: 0 })).toThrow(
      "'token_type'",
    );
    expect(performance.now() - start).toBeLessThan(600);
  });

  it.each(['referrer-policy', 'connection'])('the blanks of a header: %s', (name) => {
    const value = `a${' '.repeat(65_536)}b`;
    const start = performance.now();
    if (name === 'connection') endToEnd([], value);
    else {
      const headers = { location: '/next', 'referrer-policy': value };
      new RedirectChain('https://api.example.com/', 'GET', true).advance(new Response(null, { status: 302, headers }));
    }
    expect(performance.now() - start).toBeLessThan(500);
  });

  it('slashes at the end of a path, in linear time', () => {
    const start = performance.now();
    expect(withoutSlashes(`${'/'.repeat(1_000_000)}a`)).toHaveLength(1_000_001);
    expect(withoutSlashes(`/a${'/'.repeat(1_000_000)}`)).toBe('/a');
    expect(performance.now() - start).toBeLessThan(500);
  });
});
