import { describe, expect, it } from 'vitest';
import { ConfigurationError } from '../../../src/errors.ts';
import { type Origins, originOf, originRule, reachesFurther } from '../../../src/lifecycle/origins.ts';

const A = 'https://a.example.com';

/** What a URL looks like, and where it leads. */
const urls: readonly [string, string][] = [
  [`${A}/path?q#f`, A],
  [A, A],
  [`${A}?q`, A],
  [`${A}#f`, A],
  ['https://A.Example.COM/path', A],
  ['HTTPS://a.example.com/', A],
  [`${A}:443/`, A],
  [`${A}:0443/`, A],
  [`${A}:8443/`, `${A}:8443`],
  ['http://a.example.com:443/', 'http://a.example.com:443'],
  ['http://a.example.com/', 'http://a.example.com'],
  ['http://a.example.com:80/', 'http://a.example.com'],
  // User information is not a host.
  [`${A}@evil.test/`, 'https://evil.test'],
  [`${A}:443@evil.test/`, 'https://evil.test'],
  [`${A}%2F@evil.test/`, 'https://evil.test'],
  ['https://user:pw@a.example.com/', A],
  ['https://evil.test@a.example.com/', A],
  ['https://evil.test:pw@a.example.com/', A],
  // A host does not end where it seems to.
  [`${A}.evil.test/`, 'https://a.example.com.evil.test'],
  [`${A}-evil.test/`, 'https://a.example.com-evil.test'],
  [`${A}./`, 'https://a.example.com.'],
  ['https://evil.test/https://a.example.com/', 'https://evil.test'],
  ['https://evil.test?https://a.example.com/', 'https://evil.test'],
  ['https://evil.test#@a.example.com/', 'https://evil.test'],
  // What the URL standard takes for a slash, takes out, or maps.
  ['https:\\\\a.example.com\\path', A],
  [`${A}\\@evil.test/`, A],
  ['https://evil.test\\@a.example.com/', 'https://evil.test'],
  ['https:/a.example.com/', A],
  ['https:a.example.com/', A],
  ['https:////a.example.com/', A],
  ['https://a.exam\tple.com/', A],
  ['https://a.exam\nple.com/', A],
  ['ht\ntps://a.example.com/', A],
  [`\t ${A}/ `, A],
  [`${A}\t.evil.test/`, 'https://a.example.com.evil.test'],
  [`${A}\n@evil.test/`, 'https://evil.test'],
  ['https://a%2eexample%2ecom/', A],
  ['https://a。example。com/', A],
  ['https://ａ.example.com/', A],
  ['https://bücher.example/', 'https://xn--bcher-kva.example'],
  ['https://xn--bcher-kva.example/', 'https://xn--bcher-kva.example'],
  // Cyrillic a: another host, whatever it looks like.
  ['https://а.example.com/', 'https://xn--80a.example.com'],
  ['http://127.1/', 'http://127.0.0.1'],
  ['http://0x7f000001/', 'http://127.0.0.1'],
  ['http://2130706433/', 'http://127.0.0.1'],
  ['http://[::1]:80/', 'http://[::1]'],
  ['http://[0:0:0:0:0:0:0:1]/', 'http://[::1]'],
  ['http://localhost/', 'http://localhost'],
];

describe('originOf', () => {
  it.each(urls)('%j is at %s', (url, origin) => {
    expect(originOf(url)).toBe(origin);
    expect(originOf(new URL(url))).toBe(origin);
  });

  it.each(urls)('%j is there, too, right after a request to a.example.com', (url, origin) => {
    originOf(`${A}/`);
    expect(originOf(url)).toBe(origin);
  });

  it('takes the same origin from the text of a URL, whatever follows its first slash', () => {
    for (const rest of ['/', '//evil.test', '/\\evil.test', '/@evil.test', '/\n.evil.test', '/../..//evil.test']) {
      originOf(`${A}/`);
      expect(originOf(A + rest)).toBe(new URL(A + rest).origin);
    }
  });

  it.each(['data:,x', 'file:///etc/passwd', 'about:blank'])(
    '%s has none, and does not pass for the last one',
    (url) => {
      originOf(`${A}/`);
      expect(originOf(url)).toBe('null');
      expect(() => originOf('null/path')).toThrow(TypeError);
      expect(originOf(`${A}/`)).toBe(A);
    },
  );

  it.each(['', '/path', 'a.example.com', 'https://', 'https://[::1', 'https://a b/'])('refuses %j', (url) => {
    expect(() => originOf(url)).toThrow(TypeError);
  });
});

/** Asked as the engine asks: with the origin that a client's URL has. */
const allows = (origins: Origins, url: string) => originRule(origins)?.({ origin: originOf(url), url: new URL(url) });

describe('a rule from a list', () => {
  it.each(urls)('of a.example.com decides by origin about %j', (url, origin) => {
    expect(allows([A], url)).toBe(origin === A);
  });

  it.each([`${A}/`, `${A}/v1?x#y`, `${A}:443`, 'HTTPS://A.EXAMPLE.COM', 'https://user:pw@a.example.com/x', ` ${A} `])(
    'takes %j for the origin of it',
    (entry) => {
      expect(allows([entry], `${A}/path`)).toBe(true);
      expect(allows([entry], 'https://evil.test/')).toBe(false);
    },
  );

  it('of several is each of them, of none is none', () => {
    const several = ['https://b.example', A, 'http://localhost:3000'];
    expect([`${A}/`, 'http://localhost:3000/x', 'http://localhost/'].map((url) => allows(several, url))).toEqual([
      true,
      true,
      false,
    ]);
    expect(allows([], `${A}/`)).toBe(false);
  });

  it('does not change with the list', () => {
    const list = [A];
    const rule = originRule(list);
    list.push('https://evil.test');
    expect(rule?.({ origin: 'https://evil.test', url: new URL('https://evil.test') })).toBe(false);
  });
});

describe('other rules', () => {
  it('* is everywhere', () => {
    expect(allows('*', 'https://evil.test/')).toBe(true);
  });

  it('a function decides about the whole URL, on a copy of it', () => {
    const url = new URL(`${A}/v1/x?y`);
    const seen: string[] = [];
    const rule = originRule((given) => {
      seen.push(given.href);
      given.hostname = 'evil.test';
      return given.pathname.startsWith('/v1/');
    });
    expect(rule?.({ origin: A, url })).toBe(true);
    expect([seen, url.href]).toEqual([[`${A}/v1/x?y`], `${A}/v1/x?y`]);
  });

  it.each([1, 'yes', {}, Promise.resolve(false)])('a function that gives %s has not said yes', (answer) => {
    expect(allows((() => answer) as never, `${A}/`)).toBe(false);
  });

  it('none where none is given', () => {
    expect(originRule(undefined)).toBeUndefined();
  });
});

describe('origins that are none', () => {
  it.each<[unknown]>([
    [A],
    [null],
    [{}],
    [true],
    [['a.example.com']],
    [['//a.example.com']],
    [['']],
    [['*']],
    [[undefined]],
    [['ftp://a.example.com']],
    [['data:,x']],
    [['blob:https://a.example.com/x']],
    [['https://*.example.com']],
    [['https://a.example.com:*']],
    [[A, 'nonsense']],
  ])('%j are refused by name', (origins) => {
    const wrong = () => originRule(origins as Origins);
    expect(wrong).toThrow(ConfigurationError);
    expect(wrong).toThrow(expect.objectContaining({ option: 'origins' }));
  });
});

it.each<[Origins | undefined, boolean]>([
  [undefined, false],
  [[], false],
  [[A], false],
  [[A, 'https://b.example'], true],
  ['*', true],
  [() => false, true],
])('%s can reach further than where a call starts: %s', (origins, further) => {
  expect(reachesFurther(origins)).toBe(further);
});
