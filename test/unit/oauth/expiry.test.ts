import { describe, expect, it } from 'vitest';
import { readExpiry } from '../../../src/oauth/expiry.ts';

const NOW = Date.UTC(2026, 10, 22, 12, 0, 0);
const TEN_YEARS_MS = 10 * 365 * 86_400_000;

describe('a lifetime under expires_in', () => {
  it.each<[unknown, number | undefined]>([
    [3600, NOW + 3_600_000],
    ['3600', NOW + 3_600_000],
    [1.9, NOW + 1000],
    ['1.9', NOW + 1000],
    [1e10, NOW + TEN_YEARS_MS],
    [Number.MAX_SAFE_INTEGER, NOW + TEN_YEARS_MS],
    [1_763_812_800, NOW + TEN_YEARS_MS],
    [0, undefined],
    [0.5, undefined],
    [-1, undefined],
    ['-1', undefined],
    ['', undefined],
    [' 3600', undefined],
    ['1e3', undefined],
    ['0x10', undefined],
    ['soon', undefined],
    ['2026-11-22T13:00:00Z', undefined],
    [null, undefined],
    [undefined, undefined],
    [true, undefined],
    [[3600], undefined],
    [{}, undefined],
    [Number.NaN, undefined],
    [Number.POSITIVE_INFINITY, undefined],
  ])('%j', (value, expected) => {
    expect(readExpiry(value, 'expires_in', NOW)).toBe(expected);
    expect(readExpiry(value, 'expiresIn', NOW)).toBe(expected);
  });
});

describe('a point in time under expires_at', () => {
  const later = NOW + 3_600_000;
  it.each<[unknown, number | undefined]>([
    [later, later],
    [later / 1000, later],
    [String(later / 1000), later],
    [later / 1000 + 0.25, later + 250],
    ['2026-11-22T13:00:00Z', later],
    ['2026-11-22T13:00:00.000Z', later],
    ['2026-11-22T13:00:00.000000Z', later],
    ['2026-11-22T13:00:00', later],
    ['2026-11-22 13:00:00', later],
    ['2026-11-22T13:00', later],
    ['2026-11-22T14:00:00+01:00', later],
    ['2026-11-22T14:00:00+0100', later],
    ['2999-01-01T00:00:00Z', NOW + TEN_YEARS_MS],
    [3600, later],
    [NOW / 1000, undefined],
    ['2020-01-01T00:00:00Z', undefined],
    ['2026-13-45T13:00:00Z', undefined],
    ['tomorrow', undefined],
    ['2027', NOW + 2_027_000],
    [{}, undefined],
  ])('%j', (value, expected) => {
    for (const name of ['expires_at', 'expires', 'exp', 'expiresAt'])
      expect(readExpiry(value, name, NOW)).toBe(expected);
  });
});
