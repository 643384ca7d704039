import { describe, expect, it } from 'vitest';
import { isHidden, maskForeign, maskKnown, maskOwn, maskWords } from '../../../src/secrets/fall-back.ts';

const secret = 'correct-Horse7/battery+staple';

describe("other people's text", () => {
  it.each([
    ['connect ECONNREFUSED 127.0.0.1:8080', 'connect ECONNREFUSED 127.0.0.1:8080'],
    ['AADSTS50076: multi-factor authentication is required.', 'AADSTS50076: multi-factor authentication is required.'],
    [
      'invalid_client: no such clientId in /etc/app/config.json',
      'invalid_client: no such clientId in /etc/app/config.json',
    ],
    ['für größere Zeiträume', 'für größere Zeiträume'],
    ['gr\ufffd\ufffde', 'gr\ufffd\ufffde'],
    ['End-User said no', 'End-User said no'],
    [`错误：${'密码'.repeat(40)}`, `错误：${'密码'.repeat(40)}`],
    ['id 0f8fad5bd9cb469fa165708867728950 failed', 'id ***** failed'],
    ['jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N failed', 'jwt ***** failed'],
    ['bytes 63 6f 72 72 65 63 74 here', 'bytes ***** here'],
    ['codes [99, 111, 114, 114, 101, 99]', 'codes [***** ]'],
    ['https://ada:sesame@host/', 'https://ada:*****@host/'],
    ['at b%6frrow', 'at *****'],
  ])('%j reads %j', (text, shown) => {
    expect(maskForeign(text, [])).toBe(shown);
  });

  it.each([
    ['as it is', secret, '*****'],
    ['in capitals', secret.toUpperCase(), '*****'],
    ['in pieces', secret.slice(3, 9), '*****'],
    ['in quotes', `"${secret}",`, '*****'],
    ['in several lines', `'${secret.slice(0, 8)}' +\n '${secret.slice(8, 12)}' +\n '${secret.slice(12)}'`, '*****'],
    ['between words of it', `${secret.slice(0, 7)} and ${secret.slice(9)}`, '*****'],
  ])('shows the words around a secret %s', (_how, said, masked) => {
    expect(maskForeign(`The client said ${said} again`, [secret])).toBe(`The client said ${masked} again`);
  });

  it('masks the words of a secret that is made of words', () => {
    expect(maskForeign('no "open the door please" here, no doors', ['open the door please'])).toBe(
      'no ***** here, no doors',
    );
  });

  it.each(['\0', '\u200b'])('masks a word with the invisible %j in it', (invisible) => {
    expect(maskForeign(`said ${[...secret].join(invisible)} again`, [secret])).toBe('said ***** again');
    expect(maskForeign(`said pass${invisible}1word again`, ['pass1word'])).toBe('said ***** again');
  });

  it('is cut before it is masked, and shows nothing of a secret at the end', () => {
    expect(maskForeign(`${'x '.repeat(1990)}${secret}`, [secret])).not.toContain('correct');
  });

  it.each([
    ['base64', btoa(secret)],
    ['hex', Buffer.from(secret).toString('hex')],
    ['a query', encodeURIComponent(secret)],
    ['entities', [...secret].map((char) => `&#${char.charCodeAt(0)};`).join('')],
    ['escapes', [...secret].map((char) => `\\x${char.charCodeAt(0).toString(16)}`).join('')],
  ])('shows nothing of a secret in %s', (_name, said) => {
    expect(maskForeign(`said ${said} again`, [secret]).replaceAll('*****', '')).toMatch(/^(?:said [&#;]* ?again)?$/);
  });

  it('is masked as a whole where a short secret stands in it as a whole word', () => {
    expect(maskForeign('the pin is x1', ['x1'])).toBe('*****');
    expect(maskForeign('the pin is x12', ['x1'])).toBe('the pin is x12');
  });

  it('is cut off, and takes linear time', () => {
    for (const unit of ['a', 'aA', '1 ', '*****.', '//a:', 'a_', '-', '\u001b[', 'é']) {
      const start = performance.now();
      maskForeign(unit.repeat(1_000_000 / unit.length), [secret, 'a'.repeat(50_000)]);
      maskWords(unit.repeat(50_000 / unit.length));
      expect(performance.now() - start, unit).toBeLessThan(1500);
    }
    expect(maskForeign('word '.repeat(10_000), []).length).toBeLessThan(4100);
  });

  it('is masked as a whole where there is too much to compare', () => {
    const many = Array.from({ length: 20 }, (_, i) => `${i}`.repeat(60_000));
    expect(maskForeign('nothing here '.repeat(20), many)).toBe('*****');
  });
});

it('our own text keeps its names, and is masked where a whole secret stands in it', () => {
  expect(maskOwn('AuthOAuth2 renewed at https://api.example:8443', [])).toBe(
    'AuthOAuth2 renewed at https://api.example:8443',
  );
  expect(maskOwn(`renewed ${secret}`, [secret])).toBe('*****');
  expect(maskOwn(`renewed ${secret.slice(0, 8)}`, [secret])).toContain('renewed');
});

it('a name is never masked for what it looks like', () => {
  expect(maskKnown('A1B2-C3D4-9z', [secret])).toBe('A1B2-C3D4-9z');
  expect(maskKnown(`x${secret}`, [secret])).toBe('*****');
});

it.each([
  ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0', true],
  ['open sesame', false],
])('%j is hidden by its looks: %s', (value, hidden) => {
  expect(isHidden(value)).toBe(hidden);
});
