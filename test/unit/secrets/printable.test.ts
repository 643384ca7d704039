import { describe, expect, it } from 'vitest';
import { credentialFilter } from '../../../src/logging/credential-filter.ts';
import { printable } from '../../../src/secrets/printable.ts';

describe('printable', () => {
  it.each([
    ['plain text, ünd größer', 'plain text, ünd größer'],
    ['two\r\nlines', 'two\\u{d}\\u{a}lines'],
    ['\x1b[31mred\x1b[0m', '\\u{1b}[31mred\\u{1b}[0m'],
    ['right\u202eleft', 'right\\u{202e}left'],
    ['zero\u200bwidth', 'zero\\u{200b}width'],
    ['line\u2028separator', 'line\\u{2028}separator'],
    ['lone \ud800', 'lone \\u{d800}'],
  ])('%j', (text, expected) => {
    expect(printable(text)).toBe(expected);
  });

  it.each([
    ['ASCII', 'x'],
    ['three bytes each', '密'],
    ['four bytes each', '🔑'],
    ['all escaped', '\n'],
  ])('is at most 1,000 characters, and well-formed: %s', (_name, character) => {
    const text = printable(character.repeat(100_000));
    expect(text.length).toBeLessThanOrEqual(1000);
    expect(text.length).toBeGreaterThan(980);
    expect(Buffer.from(text).toString()).toBe(text);
    expect(text.at(-1)).toBe('…');
  });

  it('masks before it cuts, so that no part of a secret is left', () => {
    credentialFilter.updateSecret('printable', 'very-secret-value');
    expect(printable(`${'x'.repeat(990)} very-secret-value`)).not.toContain('very');
  });
});
