import { describe, expect, it } from 'vitest';
import { createCredentialFilter } from '../../../src/logging/credential-filter.ts';
import { type MaskingCase, maskingCase, seeded, textFrom } from './random-cases.ts';

/** What may be left of a secret: characters at the edge of base64 that hold a few bits of it. */
const MOST_LEFT = 4;
const CASES = 20_000;
const seed = Number(process.env.MASKING_SEED ?? 20_260_101);

function outcomeOf({ before, encoded, after, foreign }: MaskingCase, masked: string) {
  const intact = masked.startsWith(before) && masked.endsWith(after);
  const middle = masked.slice(before.length, masked.length - after.length).replaceAll('*****', '');
  return { lost: !intact, leaked: middle.length > foreign + MOST_LEFT || middle.includes(encoded) };
}

/** JSON that is none any more, or a URL. */
function isBroken(text: string, masked: string): boolean {
  if (text.startsWith('{')) return isJson(text) && !isJson(masked);
  return text.startsWith('https:') && URL.canParse(text) && !URL.canParse(masked);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('random secrets in random encodings and surroundings', () => {
  it(`are masked, and nothing around them (seed ${seed})`, { timeout: 120_000 }, () => {
    const random = seeded(seed);
    const filter = createCredentialFilter({ graceMs: 0 });
    const failures = { leaks: [] as string[], losses: [] as string[], broken: [] as string[] };
    for (let n = 0; n < CASES; n += 1) {
      const each = maskingCase(random);
      filter.updateSecret(`key ${n % 50}`, each.secret);
      const text = each.before + each.encoded + each.after;
      const masked = filter.mask(text);
      const { leaked, lost } = outcomeOf(each, masked);
      if (leaked) failures.leaks.push(JSON.stringify({ ...each, masked }));
      if (lost) failures.losses.push(JSON.stringify({ ...each, masked }));
      if (filter.mask(masked) !== masked || isBroken(text, masked))
        failures.broken.push(JSON.stringify({ text, masked }));
    }
    expect(failures.broken).toEqual([]);
    expect(failures.leaks.length / CASES, failures.leaks.slice(0, 10).join('\n')).toBeLessThanOrEqual(0.01);
    expect(failures.losses.length / CASES, failures.losses.slice(0, 10).join('\n')).toBeLessThanOrEqual(0.0005);
  });
});

it('agrees with a plain search on texts full of overlaps, and masking twice changes nothing', () => {
  const random = seeded(2);
  for (let n = 0; n < 2000; n += 1) {
    const filter = createCredentialFilter({ onWeakSecret() {} });
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
