import { expect, it } from 'vitest';
import { createCredentialFilter } from '../../../src/logging/credential-filter.ts';

/** A seeded generator (mulberry32): a failing case fails again. */
function seeded(seed: number) {
  let state = seed;
  return (below: number) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

function textFrom(alphabet: string, length: number, random: (below: number) => number): string {
  const chars = [...alphabet];
  return Array.from({ length }, () => chars[random(chars.length)]).join('');
}

const wide = 'abcXYZ019 +/=&%"\'\\~!()*?#\n\té☃𝒜-_.';
const encodings: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => Buffer.from(text).toString('base64'),
  (text) => Buffer.from(text).toString('base64url'),
  encodeURIComponent,
  (text) => new URLSearchParams({ k: text }).toString().slice(2),
  (text) => JSON.stringify(text).slice(1, -1),
];

it('masks random secrets in random encodings, and nothing around them', () => {
  const random = seeded(1);
  const filter = createCredentialFilter({ graceMs: 0 });
  for (let n = 0; n < 2000; n += 1) {
    const value = `x${textFrom(wide, 6 + random(30), random)}x`;
    filter.updateSecret(`key ${n % 50}`, value);
    for (const encode of encodings) {
      const [before, after] = [textFrom('{}[]<>|;: ', 8, random), textFrom('{}[]<>|;: ', 8, random)];
      expect(filter.mask(before + encode(value) + after)).toBe(`${before}*****${after}`);
    }
  }
});

it('agrees with a plain search on texts full of overlaps, and masking twice changes nothing', () => {
  const random = seeded(2);
  for (let n = 0; n < 2000; n += 1) {
    const filter = createCredentialFilter();
    const values = Array.from({ length: 1 + random(6) }, () => textFrom('ab*', 1 + random(7), random));
    for (const [i, value] of values.entries()) filter.updateSecret(`key ${i}`, value);
    const text = textFrom('ab* ', random(40), random);
    const masked = filter.mask(text);
    expect(filter.mask(masked), JSON.stringify({ values, text })).toBe(masked);
    for (const value of values.filter((each) => each.length >= 4 && !/^\*+$/.test(each))) {
      expect(masked.includes(value), JSON.stringify({ value, values, text })).toBe(false);
    }
  }
});
