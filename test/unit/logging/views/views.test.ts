import { describe, expect, it } from 'vitest';
import { occurrences, type Span } from '../../../../src/logging/spans.ts';
import { backslash } from '../../../../src/logging/views/backslash.ts';
import { entities } from '../../../../src/logging/views/entities.ts';
import { findInViews } from '../../../../src/logging/views/find-in-views.ts';
import { nul } from '../../../../src/logging/views/left-out.ts';
import { decimalLists, hexLists } from '../../../../src/logging/views/lists.ts';
import { percent } from '../../../../src/logging/views/percent.ts';
import { tokens } from '../../../../src/logging/views/tokens.ts';
import { type Decoder, decode, sourceMap } from '../../../../src/logging/views/view.ts';

describe('decoders', () => {
  it.each<[string, Decoder, string, string]>([
    ['percent', percent, '100% %41%c3%A4%e2%98%83 %zz %4', '100% Aä☃ %zz %4'],
    ['percent, four bytes', percent, '%F0%9F%98%80', '😀'],
    ['percent, Latin-1', percent, '%e4%', 'ä%'],
    ['percent, overlong and cut short', percent, '%c0%80%e2%98', '\u00c0\u0080\u00e2\u0098'],
    ['percent, of the old escape()', percent, '%u00e4%U2603%u12', 'ä☃%u12'],
    ['backslash', backslash, '\\"\\\\\\/\\b\\f\\n\\r\\t\\v\\e\\a', '"\\/\b\f\n\r\t\v\u001ba'],
    ['backslash, numbers', backslash, '\\u0041\\x41\\u{41}\\101\\0', 'AAAA\0'],
    ['backslash, pairs', backslash, '\\ud83d\\ude00', '😀'],
    ['backslash, no numbers', backslash, '\\u00\\xg1\\u{110000}\\', '\\u00\\xg1\\u{110000}\\'],
    ['backslash, of a broken line', backslash, 'a\\\nb', 'ab'],
    ['backslash, of inspectors', backslash, "'a\\n' +\n    'b'", "'a\nb'"],
    ['entities', entities, '&amp;&lt;&#39;&#x27;&quot;&nope;&&#9999999;', "&<''\"&nope;&&#9999999;"],
    ['nul', nul, 'a\0b\0', 'ab'],
    ['base64', tokens, `<${btoa('open sesame')}>`, '<open sesame>'],
    ['base64 at any place', tokens, `/v1/x/${btoa('some open sesame')}`, decodedAt('/v1/x/', 'some open sesame')],
    ['base64 of UTF-16', tokens, Buffer.from('open sesame', 'utf16le').toString('base64'), 'open sesame'],
    ['hex', tokens, 'id 6f70656e20736573616d65', 'id open sesame'],
    [
      'no hex of nothing readable',
      tokens,
      'trace=0af7651916cd43dd8448eb211c80319c',
      'trace=0af7651916cd43dd8448eb211c80319c',
    ],
    ['no words', tokens, 'internationalization-and-localization', 'internationalization-and-localization'],
    ['hex lists', hexLists, '<Buffer 6f 70 65 6e>; 6F:70:65:6E; 0x6f, 0x70, 0x65, 0x6e', '<Buffer open>; open; open'],
    ['decimal lists', decimalLists, '[111,112,101,110] [\n  111, 112,\n  101, 110\n]', '[open] [\n  open\n]'],
    ['lists of codes', decimalLists, '[9731, 9731, 9731, 65]', '[☃☃☃A]'],
    ['no short lists', decimalLists, 'at 10, 12, 2024', 'at 10, 12, 2024'],
  ])('%s', (_name, decoder, text, decoded) => {
    expect(decode(text, decoder, 4)).toBe(decoded);
  });

  /** What an unaligned token reads as: its beginning is noise. */
  function decodedAt(before: string, text: string): string {
    const skip = before.length % 4 === 2 ? 2 : 0;
    return before.slice(0, skip) + Buffer.from(before.slice(skip) + btoa(text), 'base64').toString('latin1');
  }
});

describe('the source of a span', () => {
  it.each<[string, Decoder, string, Span, string]>([
    ['copied text', percent, 'ab%20cd', { start: 0, end: 2 }, 'ab'],
    ['an escape', percent, 'ab%20cd', { start: 2, end: 3 }, '%20'],
    ['text after an escape', percent, 'ab%20cd', { start: 3, end: 5 }, 'cd'],
    ['half of a pair', percent, '%F0%9F%98%80x', { start: 0, end: 1 }, '%F0%9F%98%80'],
    ['text around what was dropped', nul, 'a\0b\0c', { start: 0, end: 2 }, 'a\0b'],
    ['items of a list', decimalLists, '[1, 2, 3, 4, 5]', { start: 2, end: 4 }, '2, 3'],
    ['base64, and its padding', tokens, btoa('some open sesame'), { start: 5, end: 16 }, 'BvcGVuIHNlc2FtZQ=='],
  ])('of %s is all of it', (_name, decoder, text, span, source) => {
    const { start, end } = sourceMap(text, decoder, 4)(span);
    expect(text.slice(start, end)).toBe(source);
  });
});

describe('views', () => {
  function find(text: string, literal: string): string[] {
    const spans: Span[] = [];
    const finder = {
      shortest: 4,
      find: (view: string, found: Span[]) => void found.push(...occurrences(view, literal)),
    };
    findInViews(text, finder, spans);
    return spans.map(({ start, end }) => text.slice(start, end));
  }

  it.each([
    ['%6fpen', 'open', ['%6fpen']],
    ['%256fpen', 'open', ['%256fpen']],
    ['%25256fpen', 'open', ['%25256fpen']],
    ['%2525256fpen', 'open', []],
    ['{"a":"{\\"b\\":\\"\\\\u006fpen\\"}"}', 'open', ['\\\\u006fpen']],
    ['open', 'open', []],
  ])('go three deep: %s', (text, literal, found) => {
    expect(find(text, literal)).toEqual(found);
  });

  it('are bounded in number and size', () => {
    let looks = 0;
    const text = '%25\\u0026amp;%5c&#37;'.repeat(1000);
    const find = (view: string) => {
      looks += view.length;
    };
    findInViews(text, { shortest: 4, find }, []);
    expect(looks).toBeGreaterThan(0);
    expect(looks).toBeLessThan(8 * text.length + 4096);
  });
});
