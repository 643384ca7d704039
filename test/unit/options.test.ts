import { afterEach, describe, expect, it } from 'vitest';
import { ConfigurationError } from '../../src/errors.ts';
import { hintAt } from '../../src/fields/nearest.ts';
import {
  either,
  flag,
  func,
  milliseconds,
  oneOf,
  pickOptions,
  positiveMilliseconds,
  readOptions,
  secretOption,
  spelling,
  text,
  textRecord,
  texts,
  urlLike,
} from '../../src/options.ts';
import { secret } from '../../src/secret.ts';

interface Options {
  readonly header?: string;
  readonly debug?: boolean;
  readonly key?: string | (() => string);
}
const SHAPE = { header: text, debug: flag, key: secretOption };

function failure(action: () => unknown): ConfigurationError {
  try {
    action();
  } catch (error) {
    if (error instanceof ConfigurationError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

const { hint } = spelling;

describe('readOptions', () => {
  afterEach(() => {
    delete (Object.prototype as Record<string, unknown>).header;
    spelling.hint = hint;
  });

  it('copies what was given', () => {
    const given: Options = { header: 'x-key', debug: true };
    const read = readOptions('AuthX', given, SHAPE);
    expect({ ...read }).toEqual(given);
    expect(read).not.toBe(given);
  });

  it('takes nothing from Object.prototype, neither while reading nor later', () => {
    const read = readOptions<Options>('AuthX', {}, SHAPE);
    (Object.prototype as Record<string, unknown>).header = 'x-foreign';
    expect(read.header).toBeUndefined();
    expect(readOptions<Options>('AuthX', {}, SHAPE).header).toBeUndefined();
    expect(readOptions<Options>('AuthX', undefined, SHAPE).header).toBeUndefined();
  });

  it('refuses a name from Object.prototype as an option', () => {
    const given = JSON.parse('{"constructor": 1}') as Options;
    expect(failure(() => readOptions('AuthX', given, SHAPE)).option).toBe('constructor');
  });

  it('reads a getter once', () => {
    let reads = 0;
    const given: Options = {
      get header() {
        reads += 1;
        return `x-${reads}`;
      },
    };
    const read = readOptions('AuthX', given, SHAPE);
    expect([read.header, read.header, reads]).toEqual(['x-1', 'x-1', 1]);
  });

  it('names an unknown option and those that there are', () => {
    const error = failure(() => readOptions('AuthX', { Debug: true } as Options, SHAPE));
    expect(error.message).toBe("AuthX has no option 'Debug'. It takes: header, debug, key.");
    expect(error.option).toBe('Debug');
  });

  it('suggests a name where somebody knows how', () => {
    spelling.hint = hintAt;
    const error = failure(() => readOptions('AuthX', { debugg: true } as Options, SHAPE));
    expect(error.message).toBe("AuthX has no option 'debugg'. Did you mean 'debug'?");
  });

  it.each([
    [{ debug: 'yes' }, "AuthX: option 'debug' must be true or false, got text."],
    [{ header: 1 }, "AuthX: option 'header' must be text, got a number."],
    [{ header: null }, "AuthX: option 'header' must be text, got null."],
    [{ header: ['a'] }, "AuthX: option 'header' must be text, got a list."],
    [
      { key: undefined },
      "AuthX: option 'key' must be text, a Secret or a function that returns one of them, got undefined: leave the option out, or set the variable that it comes from.",
    ],
  ])('refuses the wrong kind: %s → %s', (given, message) => {
    expect(failure(() => readOptions('AuthX', given as never, SHAPE)).message).toBe(message);
  });

  it('never shows a value', () => {
    expect(failure(() => readOptions('AuthX', { debug: 'hunter2' } as never, SHAPE)).message).not.toContain('hunter2');
  });

  it.each([['text'], [42], [null], [['list']]])('wants an object, not %j', (given) => {
    expect(failure(() => readOptions('AuthX', given as Options, SHAPE)).message).toContain(
      'takes its options as an object',
    );
  });

  it('leaves other names alone where it reads one layer of several', () => {
    const given = { debug: true, mine: 1 } as Options;
    expect({ ...pickOptions('AuthX', given, SHAPE) }).toEqual({ debug: true });
  });
});

describe('kinds', () => {
  it.each([
    [milliseconds, [0, 1.5, Number.POSITIVE_INFINITY], [-1, Number.NaN, '5']],
    [positiveMilliseconds, [1], [0, -1, Number.NaN]],
    [urlLike, ['https://a.example', new URL('https://a.example')], [1, {}, null]],
    [secretOption, ['x', secret('x'), () => 'x'], [1, {}, null]],
    [texts, ['a', ['a', 'b'], []], [[1], {}]],
    [textRecord, [{ a: 'b' }, {}], [{ a: 1 }, 'a', null]],
    [oneOf('a', 'b'), ['a', 'b'], ['c', undefined]],
    [either(text, func), ['a', () => {}], [1]],
  ])('$wanted', (kind, good, bad) => {
    expect(good.filter((value) => !kind.test(value))).toEqual([]);
    expect(bad.filter((value) => kind.test(value))).toEqual([]);
  });

  it('say what they want', () => {
    expect(oneOf('a', 'b').wanted).toBe("'a' or 'b'");
    expect(oneOf('a', 'b', 'c').wanted).toBe("'a' or 'b' or 'c'");
    expect(either(text, func).wanted).toBe('text, or a function');
  });
});
