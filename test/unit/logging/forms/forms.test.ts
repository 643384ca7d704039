import { describe, expect, it } from 'vitest';
import { basesOf } from '../../../../src/logging/forms/bases.ts';
import { formsOf } from '../../../../src/logging/forms/forms-of.ts';
import { jsonLeaves } from '../../../../src/logging/forms/json-leaves.ts';

const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U';
const [, PAYLOAD, SIGNATURE] = JWT.split('.') as [string, string, string];
const PEM = '-----BEGIN KEY-----\nMIIEvQIBADANBgkq\r\nhkiG9w0BAQEFAASC\nab==\n-----END KEY-----';

describe('what is masked on its own', () => {
  it.each<[string, string, string[]]>([
    ['a value', 'open sesame', ['open sesame']],
    ['nothing, of blanks', ' \n', []],
    ['a value without the space around it', ' sesame\n', [' sesame\n', 'sesame']],
    ['a value without its scheme', 'Bearer abcdefgh', ['Bearer abcdefgh', 'abcdefgh']],
    ['what only looks like a scheme, whole', 'Barrier abcdefgh', ['Barrier abcdefgh']],
    ['no short rest of a scheme', 'Token abc', ['Token abc']],
    ['the parts of a JWT but the header', JWT, [JWT, PAYLOAD, SIGNATURE]],
    ['the parts of a JWT behind a scheme', `Bearer ${JWT}`, [`Bearer ${JWT}`, JWT, PAYLOAD, SIGNATURE]],
    ['the lines of a key', PEM, [PEM, 'MIIEvQIBADANBgkq', 'hkiG9w0BAQEFAASC']],
    ['no rulers', 'secret-1\n========', ['secret-1\n========', 'secret-1']],
    ['composed and decomposed', 'Zoë-secret', ['Zoë-secret', 'Zoe\u0308-secret']],
    ['halves of pairs as encoders write them', 'half \uD83D here', ['half \uD83D here', 'half \uFFFD here']],
  ])('%s', (_name, value, bases) => {
    expect([...basesOf(value)]).toEqual(bases);
  });

  it('is each secret leaf of a JSON document, and no public one', () => {
    const document = JSON.stringify({
      type: 'service_account',
      token_uri: 'https://oauth2.example/token',
      universe_domain: 'googleapis.com',
      webhook_url: 'https://ali:pass@example/hook',
      private_key: PEM,
      nested: [{ password: 'hunter2hunter2', pin: 'ab1' }, 12345678],
    });
    expect(jsonLeaves(document).sort()).toEqual(['https://ali:pass@example/hook', PEM.trim(), 'hunter2hunter2'].sort());
    expect(jsonLeaves('{"broken": "json-leaf-1x"')).toEqual([]);
    expect(jsonLeaves('{"broken": "json-leaf-1x"]}')).toEqual([]);
    expect([...basesOf(document)]).toEqual([document]);
  });
});

describe('forms', () => {
  const forms = (value: string) => [...formsOf(value).keys()];

  it('are few for a plain token: raw, base64 at three places, hex in two cases', () => {
    expect(forms('open-sesame-jz').sort()).toEqual(
      [
        'open-sesame-jz',
        'b3Blbi1zZXNhbWUtan',
        '9wZW4tc2VzYW1lLWp6',
        'vcGVuLXNlc2FtZS1qe',
        '6f70656e2d736573616d652d6a7a',
        '6F70656E2D736573616D652D6A7A',
      ].sort(),
    );
  });

  it('know the character that base64 ends with', () => {
    expect(formsOf('open sesame').get('b3BlbiBzZXNhbW')).toBe('U');
  });

  it('hold the certain characters of base64 only, whatever is around', () => {
    const all = forms('sesame??>>');
    for (let n = 0; n < 9; n += 1) {
      const encoded = Buffer.from(`${'u'.repeat(n)}sesame??>>${'\xff'.repeat(n)}`, 'latin1');
      for (const text of [encoded.toString('base64'), encoded.toString('base64url')]) {
        expect(all.some((form) => text.includes(form))).toBe(true);
      }
    }
  });

  it('of a value under four characters are the value', () => {
    expect(forms('ab1')).toEqual(['ab1']);
  });

  it('cover Latin-1 and UTF-16 beyond ASCII', () => {
    expect(forms('Zoë-secret')).toContain(Buffer.from('Zoë-secret', 'latin1').toString('hex'));
    expect(forms('漢字-secret')).toContain(Buffer.from('漢字-secret', 'utf16le').toString('hex'));
  });
});
