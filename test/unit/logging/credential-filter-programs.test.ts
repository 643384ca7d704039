import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createCredentialFilter } from '../../../src/logging/credential-filter.ts';

const value = 'Pässwörd-🔑-Zoë';
const long = Array.from({ length: 12 }, (_, i) => `part ${i} of a key, `).join('');
const key = `-----BEGIN KEY-----\n${Array.from({ length: 8 }, (_, i) => Buffer.from(`line ${i} of a key that is ${i} times as secret`).toString('base64')).join('\n')}\n-----END KEY-----`;

const filter = createCredentialFilter();
for (const [name, text] of Object.entries({ value, long, key, tag: 'Gr\u00fc\u00dfe-v\u00e4' }))
  filter.updateSecret(name, text);
filter.updateSecret('url', 'https://ali:p%40ss%20word@db.example/x');

const { mask } = filter;
const bytesOf = (text: string) => [...Buffer.from(text)];
const wrap = (text: string, width: number, end: string) =>
  text.replace(new RegExp(`.{${width}}(?!$)`, 'g'), `$&${end}`);

describe('what other programs write of a secret is masked:', () => {
  it.each<[string, string]>([
    [
      "Python's bytes",
      bytesOf(value)
        .map((byte) => `\\x${byte.toString(16)}`)
        .join(''),
    ],
    [
      "git's octal escapes",
      bytesOf(value)
        .map((byte) => `\\${byte.toString(8).padStart(3, '0')}`)
        .join(''),
    ],
    ["Python's and Go's long escapes", value.replace(/[^\w-]/gu, longEscape)],
    ['UTF-8 taken for Latin-1', Buffer.from(value).toString('latin1')],
    ['UTF-16 of Latin-1 in base64', Buffer.from('Grüße-vä', 'utf16le').toString('base64')],
    ['code points', Array.from(value, (char) => char.codePointAt(0)).join(', ')],
    ['a URL with its escapes undone', 'https://ali:p@ss word@db.example/x'],
  ])('%s', (_name, written) => {
    expect(mask(`<${written}>`)).toMatch(/^<\*{5}=*>$/);
  });

  it.each<[string, (value: Uint8Array) => string]>([
    ['JSON', (bytes) => JSON.stringify({ bytes })],
    ['JSON with indentation', (bytes) => JSON.stringify({ bytes }, null, 2)],
    ['JSON in JSON', (bytes) => JSON.stringify(JSON.stringify({ bytes }))],
    ['JSON with sorted keys', (bytes) => JSON.stringify(sorted({ ...bytes, level: 'info' }))],
    ['a printed object', (bytes) => inspect({ ...bytes })],
  ])('bytes as objects in %s', (_name, print) => {
    const masked = mask(print(Uint8Array.from(bytesOf('Grüße-vä'))));
    expect(masked).toContain('*****');
    expect(masked).not.toMatch(/11[4]/);
  });

  it('bytes as objects: JSON stays JSON', () => {
    const bytes = Uint8Array.from(bytesOf(`a ${value}`));
    expect(JSON.parse(mask(JSON.stringify({ bytes, n: 1 })))).toEqual({ bytes: { 0: '*****' }, n: 1 });
  });

  it.each([60, 64, 72, 76])('base64 in lines of %i', (width) => {
    const encoded = Buffer.from(long).toString('base64');
    for (const end of ['\n', '\r\n', '\n    ']) {
      expect(mask(`key: ${wrap(encoded, width, end)}\nnext line\n`)).toMatch(/^key: \*{5}=*\nnext line\n$/);
    }
    expect(mask(JSON.stringify({ key: wrap(encoded, width, '\n') }))).toMatch(/^\{"key":"\*{5}=*"\}$/);
  });

  it('hex in lines as xxd writes it', () => {
    expect(mask(wrap(Buffer.from(long).toString('hex'), 60, '\n'))).toBe('*****');
  });

  it('base64 in lines that come one by one', async () => {
    const { readable, writable } = filter.transformStream();
    const writer = writable.getWriter();
    const written = (async () => {
      for (const line of wrap(Buffer.from(long).toString('base64'), 76, '\n').split('\n'))
        await writer.write(`${line}\n`);
      await writer.close();
    })();
    let masked = '';
    for await (const chunk of readable) masked += chunk;
    await written;
    expect(masked).toMatch(/^\*{5}=*\n$/);
  });

  it('a secret of several lines up to where it is cut', () => {
    expect(mask(`${key.slice(0, 400)}...`)).toBe('*****...');
    expect(mask(`${JSON.stringify(key.slice(0, 400))}...`)).toBe('"*****"...');
    expect(mask(key.slice(0, 400))).toBe('*****');
  });
});

describe('what is not encoded stays:', () => {
  it.each([
    `digest ${'0a'.repeat(32)}\nnext`,
    'C:\\Users\\Ulla\\x',
    '{"0":1,"1":2,"2":3,"3":4}',
    `${'word/'.repeat(15)}x\nnext`,
  ])('%s', (text) => {
    expect(mask(text)).toBe(text);
  });
});

it('ampersands without end take no time', () => {
  const started = performance.now();
  mask(`${'&'.repeat(400_000)};`);
  mask('\\u{'.repeat(130_000));
  expect(performance.now() - started).toBeLessThan(2000);
});

function longEscape(char: string): string {
  return `\\U${(char.codePointAt(0) ?? 0).toString(16).padStart(8, '0')}`;
}

/** As safe-stable-stringify, and with it winston, sorts: as text. */
function sorted(fields: object): object {
  return new Proxy(fields, { ownKeys: (target) => Reflect.ownKeys(target).toSorted() });
}
