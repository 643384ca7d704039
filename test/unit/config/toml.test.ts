import { describe, expect, it } from 'vitest';
import { parseToml } from '../../../src/config/toml.ts';
import { ConfigurationError } from '../../../src/errors.ts';
import { markedLeaks } from '../../helpers/leaks.ts';
import { findMarks } from '../../helpers/leaks-forms.ts';
import { markedSecret } from '../../helpers/leaks-mark.ts';
import { messageOf } from './folder.ts';

describe('the place of a value', () => {
  const text = [
    '# a comment with [brackets]',
    'profile = "prod"',
    '',
    '[profiles.prod]',
    'url = "https://h" # and = a sign',
    "password = '''",
    '[not.a.table]',
    'apikey = "not a key"',
    "'''",
    '  "httpHeader1" = "A: b"',
    'opts = { strict = true, list = [1,',
    '  2] }',
    'a.b = 1',
    '  [ profiles . "dev" ]',
    'debug = true',
    '[profiles]',
    'inline = { debug = false }',
  ].join('\n');

  it.each([
    [['profile'], 2],
    [['profiles', 'prod'], 4],
    [['profiles', 'prod', 'url'], 5],
    [['profiles', 'prod', 'password'], 6],
    [['profiles', 'prod', 'httpHeader1'], 10],
    [['profiles', 'prod', 'opts'], 11],
    [['profiles', 'prod', 'opts', 'list'], 11],
    [['profiles', 'prod', 'a', 'b'], 13],
    [['profiles', 'dev'], 14],
    [['profiles', 'dev', 'debug'], 15],
    [['profiles', 'inline', 'debug'], 17],
  ])('%j is line %i', (path, line) => {
    expect(parseToml(text, 'f').placeOf(...path)).toBe(`f:${line}`);
  });

  it('is the same with the line ends of Windows', () => {
    expect(parseToml(text.replaceAll('\n', '\r\n'), 'f').placeOf('profiles', 'dev', 'debug')).toBe('f:15');
  });

  it('is the file alone where a statement has too many lines', () => {
    const long = `a = 1\nb = [\n${'1,\n'.repeat(2000)}]\nc = 1`;
    const { placeOf } = parseToml(long, 'f');
    expect([placeOf('a'), placeOf('b'), placeOf('c')]).toEqual(['f:1', 'f', 'f']);
  });

  it('is the file alone where many statements with many lines came before', () => {
    const long = Array.from({ length: 100 }, (_, i) => `a${i} = '''\n${'x\n'.repeat(400)}'''\n`).join('');
    const { placeOf } = parseToml(long, 'f');
    expect([placeOf('a0'), placeOf('a1'), placeOf('a99')]).toEqual(['f:1', 'f:403', 'f']);
  });
});

describe('tables in tables', () => {
  const path = (levels: number) => Array(levels).fill('x').join('.');

  it.each([
    ['by a key', `${path(2000)} = 1`],
    ['by a header', `[${path(2000)}]`],
    ['in a list of tables', `[[x]]\n[x.${path(2000)}]`],
    ['in a list', `x = ${'['.repeat(100)}${']'.repeat(100)}`],
  ])('without end are refused: %s', (_name, text) => {
    expect(() => parseToml(text, 'f')).toThrow(new ConfigurationError('f: tables are nested too deeply.'));
  });

  it('may be as deep as anybody needs', () => {
    expect(parseToml(`${path(15)} = 1`, 'f').placeOf('x', 'x')).toBe('f:1');
  });
});

describe('what is not TOML', () => {
  const secret = () => JSON.stringify(markedSecret('text')).slice(1, -1);

  it.each([
    ['unquoted', `password = ${markedSecret('token').replaceAll(/['"\\#]/g, '')}`, /^f:1: not TOML at column \d+: /],
    ['without an end', `[p]\npassword = "${secret()}`, /^f:2: not TOML at column 12: unfinished string\.$/],
    ['twice', `[p]\na = "${secret()}"\na = "${secret()}"`, /^f:3: not TOML at column 1: trying to redefine/],
    ['followed by something', `a = "${secret()}" b`, /^f:1: not TOML/],
    ['with a wrong escape', `a = "${secret()}\\q"`, /^f:1: not TOML at column \d+: unrecognised escape sequence\.$/],
    ['in the place of a key', `${markedSecret('text')}`, /^f:1: not TOML/],
    ['in a header', `[${markedSecret('text')}]`, /^f:1: not TOML/],
  ])('names the line and never quotes the text: a value %s', (_name, text, message) => {
    const parse = () => parseToml(text, 'f');
    expect(parse).toThrow(message);
    expect(findMarks(messageOf(parse))).toEqual([]);
    try {
      parse();
    } catch (error) {
      expect(markedLeaks(error)).toEqual([]);
    }
  });
});
