import { describe, expect, it } from 'vitest';
import { ConfigurationError } from '../../../src/errors.ts';
import { type AdapterOptions, adapterShape, wire } from '../../../src/lifecycle/wiring.ts';
import { readOptions } from '../../../src/options.ts';
import { HandAuth, HOME } from './by-hand.ts';

describe('wire', () => {
  it('fills in what was not said', () => {
    const authenticator = new HandAuth();
    expect(wire('handAuth', authenticator, {})).toEqual({
      authenticator,
      rule: undefined,
      learnsOrigins: false,
      signsHops: false,
      headerPolicy: 'overwrite',
      deadlineMs: undefined,
      what: 'handAuth',
    });
  });

  it('keeps what was said', () => {
    const options = { origins: '*', headerPolicy: 'preserve', deadlineMs: 0.5 } as const;
    expect(wire('handAuth', new HandAuth(), options)).toMatchObject({
      signsHops: true,
      headerPolicy: 'preserve',
      deadlineMs: 0.5,
    });
  });

  it('has redirects signed anew for what is good for one request only', () => {
    class PerRequest extends HandAuth {
      override readonly signsEachRequest = true;
    }
    expect(wire('handAuth', new PerRequest(), { origins: [HOME] }).signsHops).toBe(true);
    expect(wire('handAuth', new HandAuth(), { origins: [HOME] }).signsHops).toBe(false);
  });

  it.each<[string, AdapterOptions['origins'], AdapterOptions['origins'], boolean]>([
    ["the adapter's", [HOME], '*', false],
    ["the authenticator's", undefined, '*', true],
    ["the adapter's", '*', [], true],
  ])('takes %s origins', (_name, adapters, own, evil) => {
    const auth = new HandAuth('one', own === undefined ? {} : { origins: own });
    const { rule } = wire('handAuth', auth, adapters === undefined ? {} : { origins: adapters });
    expect(rule?.({ origin: 'https://evil.example', url: new URL('https://evil.example') })).toBe(evil);
  });

  it.each([undefined, null, {}, 'AuthBasic', HandAuth, { authenticate() {} }, { modifyRequest() {} }])(
    'wants an authenticator, and not %o',
    (authenticator) => {
      expect(() => wire('handAuth', authenticator as never, {})).toThrow(ConfigurationError);
      expect(() => wire('handAuth', authenticator as never, {})).toThrow(/new AuthBasic/);
    },
  );

  it('takes an authenticator of another installed copy', () => {
    expect(() => wire('handAuth', { authenticate() {}, modifyRequest() {} } as never, {})).not.toThrow();
  });

  it.each([
    ['headerPolicy', 'keep'],
    ['headerPolicy', null],
    ['deadlineMs', 0],
    ['deadlineMs', -1],
    ['deadlineMs', Number.NaN],
    ['deadlineMs', '5s'],
    ['deadlineMs', null],
    ['origins', HOME],
    ['origins', [7]],
  ])('names the option that is wrong: %s %j', (option, value) => {
    const given = { [option]: value } as AdapterOptions;
    const wrong = () => wire('handAuth', new HandAuth(), readOptions('handAuth', given, adapterShape));
    expect(wrong).toThrow(ConfigurationError);
    expect(wrong).toThrow(expect.objectContaining({ option, message: expect.stringContaining(`'${option}'`) }));
  });
});
