import { describe, expect, it } from 'vitest';
import { createCredentialFilter } from '../../../src/logging/credential-filter.ts';
import { secret } from '../../../src/secret.ts';

function filterWith(...values: string[]) {
  const filter = createCredentialFilter();
  for (const [i, value] of values.entries()) filter.updateSecret(`key ${i}`, value);
  return filter;
}

const value = ' it\'s "p+ä/ss" 100%\n~(☃)? ';
const utf8 = Buffer.from(value);

describe('mask finds a secret', () => {
  it.each([
    ['raw', value],
    ['trimmed', value.trim()],
    ['in base64', utf8.toString('base64')],
    ['in base64 without padding', utf8.toString('base64').replace(/=+$/, '')],
    ['in base64url', utf8.toString('base64url')],
    ['in base64url with padding', utf8.toString('base64').replaceAll('+', '-').replaceAll('/', '_')],
    ['trimmed, in base64', Buffer.from(value.trim()).toString('base64')],
    ['percent-encoded as a URL component', encodeURIComponent(value)],
    ['percent-encoded as a URL', encodeURI(value)],
    ['percent-encoded in lower case', encodeURIComponent(value).replace(/%../g, (hex) => hex.toLowerCase())],
    ['percent-encoded as RFC 3986 is strictest', strictlyEncoded(value)],
    ['as a form field', new URLSearchParams({ k: value }).toString().slice(2)],
    ['percent-encoded with + for space', encodeURIComponent(value).replaceAll('%20', '+')],
    ['JSON-escaped', JSON.stringify(value).slice(1, -1)],
  ])('%s', (_name, form) => {
    expect(filterWith(value).mask(`<${form}>`)).toMatch(/^< ?\*{5} ?>$/);
  });

  it('in the Basic header, when only the password is known', () => {
    const filter = filterWith('open sesame');
    for (const user of ['a', 'al', 'ali', 'ali@example.org']) {
      const header = `Basic ${Buffer.from(`${user}:open sesame`).toString('base64')}`;
      const masked = filter.mask(header);
      expect(masked).toContain('*****');
      const visible = Buffer.from(masked.slice(6, masked.indexOf('*')), 'base64').toString();
      expect(`${user}:o`.startsWith(visible.slice(0, user.length + 1))).toBe(true);
      expect(masked.slice(masked.lastIndexOf('*') + 1).length).toBeLessThan(4);
    }
  });

  it('at every place of a line', () => {
    expect(filterWith('open sesame').mask('open sesame, open sesame; open sesame')).toBe('*****, *****; *****');
  });

  it('given as a Secret', () => {
    const filter = createCredentialFilter();
    filter.updateSecret('k', secret('open sesame'));
    expect(filter.mask('say open sesame')).toBe('say *****');
  });

  it('whose characters mean something to a regular expression or a replacement', () => {
    for (const tricky of ['(((((', '[a-z]+$', '\\d\\d\\d', '$&$&$1', '^.*$|']) {
      expect(filterWith(tricky).mask(`<${tricky}>`)).toBe('<*****>');
    }
  });

  it('with halves of surrogate pairs in it', () => {
    expect(filterWith('half \uD83D here').mask('<half \uD83D here>')).toBe('<*****>');
    expect(filterWith('half \uD83D here').mask('<half%20%EF%BF%BD%20here>')).toBe('<*****>');
  });
});

describe('hits that meet', () => {
  it.each([
    ['overlap', ['abcdef', 'defghi'], 'x abcdefghi y'],
    ['nest', ['abcdefgh', 'cdef'], 'x abcdefgh y'],
    ['touch', ['abcd', 'efgh'], 'x abcdefgh y'],
    ['overlap with themselves', ['aaaa'], 'x aaaaaaaaaaaa y'],
    ['share a prefix, shorter one first', ['token', 'tokenizer-secret'], 'x tokenizer-secret y'],
    ['share a suffix', ['secret-token', 'token'], 'x secret-token y'],
  ])('become one mask when they %s', (_name, values, line) => {
    expect(filterWith(...values).mask(line)).toBe('x ***** y');
  });
});

describe('short values', () => {
  const filter = filterWith('a1', 'ß');
  it.each([
    ['pin a1.', 'pin *****.'],
    ['a1', '*****'],
    ['_a1_', '_*****_'],
    ['data1 a12 éa1 a1é 𝒜a1 a1𝒜', 'data1 a12 éa1 a1é 𝒜a1 a1𝒜'],
    ['groß ß', 'groß *****'],
  ])('are masked as whole tokens only: %s', (line, masked) => {
    expect(filter.mask(line)).toBe(masked);
  });

  it('have no encoded forms', () => {
    expect(filter.mask('YTE= YTE %C3%9F %c3%9f')).toBe('YTE= YTE %C3%9F %c3%9f');
  });

  it('are found when trimming makes them short', () => {
    expect(filterWith('  a1  ').mask('pin a1, data1')).toBe('pin *****, data1');
  });
});

describe('what is not a secret', () => {
  it.each(['', ' ', '\n\t    '])('ignores the blank value %j', (blank) => {
    expect(filterWith(blank).mask('    "" = \n\t    end')).toBe('    "" = \n\t    end');
  });

  it('stays as it is', () => {
    const filter = filterWith('open sesame', 'hunter2!');
    const line = 'GET https://api.example/items?page=2 401 {"error":"invalid_token"} opensesame hunter2';
    expect(filter.mask(line)).toBe(line);
    expect(createCredentialFilter().mask(line)).toBe(line);
  });

  it('is told apart from a secret with the same last characters', () => {
    expect(filterWith('sk_live_abcdef').mask('sk_test_abcdef cdef')).toBe('sk_test_abcdef cdef');
  });
});

describe('masking what is masked', () => {
  it.each([
    [['*'], '* ** ***** *******'],
    [['****'], '**** *****'],
    [['*****'], 'x***** ******'],
    [['******'], '***** ******'],
    [['xyz1', 'a*****b'], 'axyz1b'],
    [['xyz1', 'ab'], 'xyz1ab abxyz1 xyz1 ab'],
    [['***b', 'a***'], 'a*****b'],
    [['open sesame'], '********** open sesame **********'],
  ])('changes nothing: secrets %j', (values, line) => {
    const filter = filterWith(...values);
    const once = filter.mask(line);
    expect(filter.mask(once)).toBe(once);
  });

  it.each([
    ['[x]', 'x', 'x [x]', '[x] [x]'],
    ['[x]', 'a[x', 'a[x]', '[x]'],
    ['hidden', 'hid', 'hid hidden', 'hidden hidden'],
    ['', 'abcd', 'ababcdcd', ''],
    ['ab', 'xab1', 'xxab11', 'ab'],
  ])('holds for the mask %j and the secret %j', (mask, value, line, expected) => {
    const filter = createCredentialFilter({ mask });
    filter.updateSecret('k', value);
    expect(filter.mask(line)).toBe(expected);
    expect(filter.mask(expected)).toBe(expected);
  });

  it('leaves rows of stars that are not secrets alone', () => {
    expect(filterWith('open sesame').mask('********** open sesame **********')).toBe('********** ***** **********');
  });

  it('does not turn quadratic for secrets that complete each other', () => {
    const filter = filterWith('a*****', 'open sesame');
    expect(filter.mask(`${'a'.repeat(1000)}open sesame`)).not.toContain('sesame');
  });
});

describe('mask never throws', () => {
  it.each([
    ['undefined', undefined, ''],
    ['null', null, ''],
    ['a number', 123456, '*****'],
    ['a symbol', Symbol('s'), 'Symbol(s)'],
    ['a wrapped secret', secret('unknown'), '*****'],
    ['an object without a prototype', Object.create(null), ''],
  ])('for %s', (_name, value, masked) => {
    expect(filterWith('123456').mask(value as string)).toBe(masked);
  });

  it('nor does registering what is not text', () => {
    for (const value of [undefined, null, {}, Object.create(null)]) {
      expect(() => filterWith(value as string)).not.toThrow();
    }
    expect(filterWith(123456 as unknown as string).mask('pin 123456')).toBe('pin *****');
  });
});

function strictlyEncoded(text: string): string {
  return [...Buffer.from(text)]
    .map((byte) => String.fromCharCode(byte))
    .map((char) => (/[\w.~-]/.test(char) ? char : `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`))
    .join('');
}
