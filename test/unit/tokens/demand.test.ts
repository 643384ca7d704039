import { describe, expect, it } from 'vitest';
import { understandClaims } from '../../../src/tokens/claims.ts';
import { covers, lastingDemand, unionOfDemands } from '../../../src/tokens/demand.ts';
import type { Demand } from '../../../src/tokens/token.ts';

understandClaims();

const nbf = '{"access_token":{"nbf":{"essential":true,"value":"1"}}}';
const acr = '{"id_token":{"acr":{"essential":true}}}';
const both = '{"access_token":{"nbf":{"essential":true,"value":"1"}},"id_token":{"acr":{"essential":true}}}';

describe('covers', () => {
  it.each<[string, Demand | undefined, Demand | undefined, boolean]>([
    ['anything covers nothing', undefined, undefined, true],
    ['a wide demand covers none', { scope: ['a'] }, undefined, true],
    ['none covers an empty demand', undefined, {}, true],
    ['none does not cover a scope', undefined, { scope: ['a'] }, false],
    ['more scope covers less', { scope: ['b', 'a'] }, { scope: ['a'] }, true],
    ['less scope does not cover more', { scope: ['a'] }, { scope: ['a', 'b'] }, false],
    ['the same claims', { claims: nbf }, { claims: nbf }, true],
    ['claims written otherwise', { claims: nbf }, { claims: ` ${nbf} ` }, true],
    ['more claims cover fewer', { claims: both }, { claims: acr }, true],
    ['fewer claims do not cover more', { claims: acr }, { claims: both }, false],
    ['other claims', { claims: acr }, { claims: nbf }, false],
    ['claims that are no JSON only cover themselves', { claims: 'x' }, { claims: 'y' }, false],
    ['the same acr', { acrValues: 'mfa' }, { acrValues: 'mfa' }, true],
    ['another acr', { acrValues: 'mfa' }, { acrValues: 'phr' }, false],
    ['a fresher login covers an older one', { maxAgeMs: 10 }, { maxAgeMs: 60 }, true],
    ['an older login does not cover a fresher one', { maxAgeMs: 60 }, { maxAgeMs: 10 }, false],
    ['no login age covers none', {}, { maxAgeMs: 10 }, false],
  ])('%s', (_name, wide, narrow, expected) => {
    expect(covers(wide, narrow)).toBe(expected);
  });

  it('does not take inherited names for claims', () => {
    expect(covers({ claims: '{}' }, { claims: '{"constructor":null}' })).toBe(false);
  });
});

describe('unionOfDemands', () => {
  it('gives the wider one back as it is', () => {
    const wide = { scope: ['a', 'b'] };
    expect(unionOfDemands(wide, { scope: ['a'] })).toBe(wide);
    expect(unionOfDemands({ scope: ['a'] }, wide)).toBe(wide);
    expect(unionOfDemands(undefined, wide)).toBe(wide);
  });

  it.each<[Demand, Demand]>([
    [{ scope: ['a'] }, { scope: ['b'], maxAgeMs: 5 }],
    [{ claims: nbf }, { claims: acr }],
    [
      { scope: ['a'], acrValues: 'mfa' },
      { claims: acr, maxAgeMs: 1 },
    ],
  ])('covers both: %j and %j', (earlier, later) => {
    const union = unionOfDemands(earlier, later);
    expect(covers(union, earlier)).toBe(true);
    expect(covers(union, later)).toBe(true);
  });

  it('lets the newer challenge win where two contradict each other', () => {
    const earlier = { acrValues: 'mfa', claims: '{"access_token":{"nbf":{"value":"1"}}}' };
    const later = { acrValues: 'phr', claims: '{"access_token":{"nbf":{"value":"2"}}}', scope: ['a'] };
    expect(unionOfDemands(earlier, later)).toEqual(later);
  });

  it('does not pollute prototypes with hostile claims', () => {
    unionOfDemands({ claims: '{"a":1}' }, { claims: '{"__proto__":{"polluted":true}}' });
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });
});

describe('lastingDemand', () => {
  it('keeps the scope and lets the step-up go', () => {
    expect(lastingDemand({ scope: ['a'], acrValues: 'mfa', claims: nbf, maxAgeMs: 1 })).toEqual({ scope: ['a'] });
    expect(lastingDemand({ acrValues: 'mfa' })).toBeUndefined();
  });
});
