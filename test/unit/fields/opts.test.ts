import { array, number, pipe, regex, string } from 'valibot';
import { describe, expect, it } from 'vitest';
import { ConfigurationError } from '../../../src/errors.ts';
import type { CredentialFields } from '../../../src/fields/credential-fields.ts';
import { optsField } from '../../../src/fields/opts.ts';
import { amount, choice, flag, text } from '../../../src/fields/values.ts';

const ENTRIES = {
  in: choice('header', 'cookie'),
  strict: flag,
  skewMs: amount,
  domain: text,
  command: array(string()),
};

const read = (opts: unknown) => optsField({ opts } as CredentialFields, ENTRIES);

describe('optsField', () => {
  it.each([undefined, null, '', ' \n', '{}', ' {} ', {}])('reads %j as nothing', (opts) => {
    expect({ ...read(opts) }).toEqual({});
  });

  it('reads JSON text and objects alike', () => {
    const opts = { in: 'cookie', strict: 'true', skewMs: '5000', domain: '', command: ['a', 'b'] };
    const expected = { in: 'cookie', strict: true, skewMs: 5000, domain: '', command: ['a', 'b'] };
    expect({ ...read(opts) }).toEqual(expected);
    expect({ ...read(JSON.stringify(opts)) }).toEqual(expected);
  });

  it('leaves absent options absent, and null is absent', () => {
    expect(Object.keys(read({ strict: false, domain: null }))).toEqual(['strict']);
  });

  it('reads own properties only, and gives nothing else', () => {
    expect({ ...read(Object.create({ strict: true })) }).toEqual({});
    expect(optsField(Object.create({ opts: { strict: true } }), ENTRIES).strict).toBeUndefined();
    Object.assign(Object.prototype, { strict: true });
    try {
      expect(read({}).strict).toBeUndefined();
    } finally {
      Reflect.deleteProperty(Object.prototype, 'strict');
    }
  });

  it.each<[unknown, RegExp]>([
    ['{s3cret', /^field 'opts' must be a JSON object, such as \{"name": "value"\}\.$/],
    ['"s3cret"', /must be a JSON object/],
    ['["s3cret"]', /must be a JSON object/],
    ['null', /must be a JSON object/],
    [['s3cret'], /must be a JSON object/],
    [5, /must be a JSON object/],
    [{ in: 's3cret' }, /^field 'opts' has an option 'in', which must be one of header, cookie\.$/],
    [{ strict: 's3cret' }, /'strict', which must be true or false\.$/],
    [{ skewMs: 's3cret' }, /'skewMs', which must be a number that is not negative\.$/],
    [{ domain: { s3cret: 1 } }, /'domain', which must be text\.$/],
    [{ command: 's3cret' }, /'command', which must be a list\.$/],
    [{ command: ['x', { s3cret: 1 }] }, /'command', which must be text\.$/],
    [{ domian: 's3cret' }, /^field 'opts' has no option 'domian' here\. Did you mean 'domain'\?$/],
    [{ SKEW_MS: 1 }, /Did you mean 'skewMs'\?$/],
    [{ 's3cret/77': 1 }, /has an option that is not known here\./],
    ['{"__proto__": {"strict": true}}', /has no option '__proto__' here\./],
  ])('refuses %j without quoting it', (opts, message) => {
    expect(() => read(opts)).toThrow(ConfigurationError);
    expect(() => read(opts)).toThrow(expect.objectContaining({ option: 'opts' }));
    expect(() => read(opts)).toThrow(message);
    expect(() => read(opts)).not.toThrow(/s3cret/);
  });

  it('tells of all problems at once', () => {
    expect(() => read({ strict: 1, domain: 2, dmain: 3 })).toThrow(
      "field 'opts' has no option 'dmain' here. Did you mean 'domain'? " +
        "field 'opts' has an option 'strict', which must be true or false. " +
        "field 'opts' has an option 'domain', which must be text.",
    );
  });

  it('says that nothing is taken where nothing is', () => {
    expect(() => optsField({ opts: '{"a":1}' }, {})).toThrow("field 'opts' has no option 'a' here. It takes none.");
  });

  it("says what a library schema expects, and an author's own words", () => {
    const entries = { max: number(), domain: pipe(string(), regex(/^\w+$/, 'must be one word')) };
    expect(() => optsField({ opts: { max: 's3cret' } }, entries)).toThrow("'max', which must be a number.");
    expect(() => optsField({ opts: { domain: 's3 cret' } }, entries)).toThrow("'domain', which must be one word.");
  });
});
