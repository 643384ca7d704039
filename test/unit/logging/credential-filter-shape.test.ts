import { inspect } from 'node:util';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createCredentialFilter } from '../../../src/logging/credential-filter.ts';
import { findCredentials } from '../../../src/logging/credential-shapes.ts';

const TOKEN = 'tok_1234567890abcdefghij'; // 24 characters
const JWT = `eyJhbGciOiJIUzI1NiJ9.${btoa('{"sub":"1234567890","name":"Jo"}')}.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U`;

function filterWith(...values: string[]) {
  const filter = createCredentialFilter({ onWeakSecret() {} });
  for (const [i, value] of values.entries()) filter.updateSecret(`key ${i}`, value);
  return filter;
}

describe('a secret that is cut short', () => {
  it.each([
    ['token tok_1234567890abc…', 'token *****…'],
    ['token tok_1234567890abc... and more', 'token *****... and more'],
    ["'tok_1234567890abc'... 11 more characters", "'*****'... 11 more characters"],
    ['token tok_1234567890abc', 'token *****'],
    ['token tok_1234567890abc\nnext line', 'token *****\nnext line'],
    ['token tok_1234567890abc\r\nnext line', 'token *****\r\nnext line'],
    [`x ${btoa(TOKEN).slice(0, 20)}...`, 'x *****...'],
    ['k=tok%5f1234567890abc…', 'k=*****…'],
    ['short hints stay: tok_… tok_1234567…', 'short hints stay: tok_… tok_1234567…'],
    ['tok_1234567890abc in the middle stays', 'tok_1234567890abc in the middle stays'],
    ['tok_1234567890ab-other…', 'tok_1234567890ab-other…'],
  ])('is masked from 12 characters and 40 %% on: %j', (text, masked) => {
    expect(filterWith(TOKEN).mask(text)).toBe(masked);
  });

  it('is masked in what inspectors cut', () => {
    const filter = filterWith(JWT);
    for (const value of [Buffer.from(JWT), new Uint8Array(Buffer.from(JWT)), { a: { b: [JWT] } }]) {
      expect(filter.mask(inspect(value, { maxStringLength: 90 }))).toContain('*****');
      expect(filter.mask(inspect(value, { maxStringLength: 90 }))).not.toMatch(/eyJ|65 79|101,/);
    }
  });

  it('is no longer masked once it is forgotten', () => {
    const filter = createCredentialFilter({ graceMs: 0 });
    filter.updateSecret('k', TOKEN);
    filter.updateSecret('k', 'something-else');
    expect(filter.mask('tok_1234567890abc…')).toBe('tok_1234567890abc…');
  });
});

describe('JSON stays JSON', () => {
  it.each([
    ['a number', ['123456'], '{"pin":123456}', '{"pin":"*****"}'],
    ['part of a number', ['2345'], '{"n": 1234567}', '{"n": "*****"}'],
    ['a boolean', ['true'], '[true,false]', '["*****",false]'],
    ['the end of an escape', ['nabcdef'], '{"a":"x\\nabcdef"}', '{"a":"x*****"}'],
    ['the beginning of an escape', ['abcdef\\'], '{"a":"abcdef\\\\"}', '{"a":"*****"}'],
    ['an object', ['{"user":"xyz"}'], '{"c":{"user":"xyz"}}', '{"c":"*****"}'],
    ['what crosses strings', ['","b":"'], '{"a":"1","b":"2"}', '{"a":"1*****2"}'],
    ['lines of JSON', ['123456'], 'log\n{"pin":123456}\n\n{"a":1}\n', 'log\n{"pin":"*****"}\n\n{"a":1}\n'],
    ['JSON over lines', ['123456'], '{\n  "pin": 123456\n}', '{\n  "pin": "*****"\n}'],
    [
      'bytes',
      ['open sesame'],
      JSON.stringify(Buffer.from('a open sesame')),
      '{"type":"Buffer","data":[97,32,"*****"]}',
    ],
    ['JSON in JSON', ['a"bcd'], JSON.stringify(JSON.stringify({ k: 'a"bcd' })), '"{\\"k\\":\\"*****\\"}"'],
  ])('%s', (_name, values, text, masked) => {
    expect(filterWith(...values).mask(text)).toBe(masked);
  });

  it('with a mask that JSON has to escape', () => {
    const filter = createCredentialFilter({ mask: '"hidden"' });
    filter.updateSecret('k', 'open sesame');
    expect(JSON.parse(filter.mask('{"a":"say open sesame"}'))).toEqual({ a: 'say "hidden"' });
  });

  it('elsewhere a number is masked bare', () => {
    expect(filterWith('123456').mask('pin: 123456, {"pin": 123456')).toBe('pin: *****, {"pin": *****');
  });
});

describe('a URL stays a URL', () => {
  const value = "p@ss/w%rd?#&='!";
  it.each([
    (url: URL) => {
      url.password = value;
    },
    (url: URL) => {
      url.searchParams.set('k', value);
    },
    (url: URL) => {
      url.pathname += `/${encodeURIComponent(value)}/x`;
    },
    (url: URL) => {
      url.hash = value;
    },
  ])('%#', (put) => {
    const url = new URL('https://ali:x@api.example/items?a=1');
    put(url);
    const masked = filterWith(value).mask(url.href);
    expect(masked).toContain('*****');
    expect(masked).not.toMatch(/w%?(?:25)?rd/);
    expect(decodeURIComponent(new URL(masked).href)).toContain('*****');
  });
});

describe('a secret of fewer than four characters', () => {
  afterEach(() => vi.restoreAllMocks());

  it('is told to onWeakSecret, by its key', () => {
    const onWeakSecret = vi.fn();
    const filter = createCredentialFilter({ onWeakSecret });
    filter.updateSecret('long', 'abcd');
    filter.updateSecret('short', ' abc ');
    filter.updateSecret('short', '');
    expect(onWeakSecret).toHaveBeenCalledExactlyOnceWith('short');
  });

  it('is warned of once, without its value', async () => {
    vi.resetModules();
    const fresh = await import('../../../src/logging/credential-filter.ts');
    const warn = vi.spyOn(process, 'emitWarning').mockReturnValue(undefined);
    const filter = fresh.createCredentialFilter();
    filter.updateSecret('pin', 'q7z');
    filter.updateSecret('pin', 'z7q');
    expect(warn).toHaveBeenCalledOnce();
    expect(warn.mock.calls[0]?.[0]).toContain("'pin'");
    expect(String(warn.mock.calls[0])).not.toContain('q7z');
  });
});

describe('hostile texts', () => {
  it('take a time that grows with their length only', () => {
    const filter = filterWith(...Array.from({ length: 300 }, (_, i) => 'a'.repeat(8 + i)));
    const time = (text: string) => {
      const started = performance.now();
      filter.mask(text);
      return performance.now() - started;
    };
    time('a'.repeat(1000));
    expect(time('a'.repeat(400_000))).toBeLessThan(5000);
    expect(time(`${'a'.repeat(7)}b`.repeat(50_000))).toBeLessThan(5000);
    expect(time('aaaaaaaaaaaa...'.repeat(20_000))).toBeLessThan(5000);
    expect(time(`{"a":"${'\\"aaaaaaaa'.repeat(20_000)}"}`)).toBeLessThan(5000);
  }, 30_000);

  it('cannot spend what the search for a secret in the same line needs', () => {
    const secret = 'correct-horse-battery';
    const filter = filterWith(secret, ...Array.from({ length: 20 }, (_, i) => `other-secret-${i}-value`));
    const layers = ['%255c', '&amp;#37;', '\\u0026', '6f 70 65 6e 20 73', '111, 112, 101, 110', 'b3BlbiBzZXNhbWUgYg'];
    for (let n = 1; n < 200; n += 7) {
      const crafted = Array.from({ length: n }, (_, i) => layers[(i * n) % layers.length]).join(' ');
      const hidden = encodeURIComponent(btoa(`x:${secret}`)).replaceAll('a', '%61');
      expect(filter.mask(`GET /?k=${hidden} "${crafted}"`)).not.toContain(hidden);
    }
  }, 30_000);

  it('with thousands of cookies in a line take linear time', () => {
    const started = performance.now();
    expect(findCredentials('a=b; cookie: '.repeat(7500))).toHaveLength(7499);
    expect(performance.now() - started).toBeLessThan(3000);
  });

  it('that are too long to be put together are masked whole', () => {
    const filter = filterWith('open sesame');
    const broken = { toString: () => expect.unreachable() };
    expect(filter.mask(broken as unknown as string)).toBe('');
  });
});
