import { describe, expect, it } from 'vitest';
import { CredentialError } from '../../../src/errors.ts';
import { type HeaderPolicy, ObjectHeaders } from '../../../src/lifecycle/headers.ts';

const given = { Accept: 'a/b', 'X-Old': '1' };

const make = (policy: HeaderPolicy) => new ObjectHeaders({ ...given }, policy);

describe('headers', () => {
  const all = ({ fields }: ObjectHeaders) =>
    new Map(Object.entries(fields).map(([name, value]) => [name.toLowerCase(), value]));

  it.each([
    ['accept', 'a/b'],
    ['ACCEPT', 'a/b'],
    ['x-old', '1'],
    ['x-new', null],
    ['accep', null],
    ['constructor', null],
  ])('reads %s in any case', (name, value) => {
    const headers = make('overwrite');
    expect([headers.get(name), headers.has(name)]).toEqual([value, value !== null]);
  });

  it('replaces a header of any case under overwrite, and leaves the others', () => {
    const headers = make('overwrite');
    headers.set('ACCEPT', 'c/d');
    headers.set('Authorization', 'ours');
    expect(all(headers)).toEqual(new Map(Object.entries({ accept: 'c/d', 'x-old': '1', authorization: 'ours' })));
    expect([headers.added, headers.withheld]).toEqual([['accept', 'authorization'], false]);
  });

  it("keeps the caller's header under preserve, and says that ours is withheld", () => {
    const headers = make('preserve');
    headers.set('Accept', 'c/d');
    expect([headers.get('accept'), headers.added, headers.withheld]).toEqual(['a/b', [], true]);
  });

  it('may change under preserve what it has set itself', () => {
    const headers = make('preserve');
    headers.set('authorization', 'first');
    headers.set('Authorization', 'second');
    expect([headers.get('authorization'), headers.added, headers.withheld]).toEqual([
      'second',
      ['authorization'],
      false,
    ]);
  });

  it('removes a header of any case', () => {
    const headers = make('overwrite');
    headers.delete('ACCEPT');
    headers.delete('x-none');
    expect(all(headers)).toEqual(new Map([['x-old', '1']]));
  });

  it.each(['a\r\nb', 'a\nb', 'a\0b', 'Ā', '\u{1f511}'])(
    'refuses %j before any client sees it, and names the header',
    (value) => {
      const headers = make('overwrite');
      expect(() => headers.set('X-Key', value)).toThrow(CredentialError);
      expect(() => headers.set('X-Key', value)).toThrow("header 'x-key'");
      expect([headers.has('x-key'), headers.added]).toEqual([false, []]);
    },
  );
});

describe('ObjectHeaders', () => {
  it.each([
    [['a=1', 'b=2'], 'a=1, b=2'],
    [5, '5'],
    ['', ''],
    [undefined, null],
  ])('reads the value %j as %j', (value, text) => {
    const headers = new ObjectHeaders({ Cookie: value as never }, 'preserve');
    expect(headers.get('cookie')).toBe(text);
    headers.set('cookie', 'ours');
    expect(headers.withheld).toBe(text !== null);
  });

  it('replaces all spellings of a name', () => {
    const headers = new ObjectHeaders({ COOKIE: 'a', accept: 'b', Cookie: 'c' }, 'overwrite');
    headers.set('cookie', 'ours');
    expect(headers.fields).toEqual({ accept: 'b', cookie: 'ours' });
  });

  it('works on an object without a prototype', () => {
    const headers = new ObjectHeaders(Object.assign(Object.create(null), given), 'overwrite');
    headers.set('accept', 'c/d');
    expect([headers.get('accept'), headers.get('constructor')]).toEqual(['c/d', null]);
  });
});
