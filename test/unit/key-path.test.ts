import { describe, expect, it } from 'vitest';
import { ConfigurationError } from '../../src/errors.ts';
import { keyPath } from '../../src/key-path.ts';

describe('keyPath', () => {
  it.each<[string, unknown, unknown]>([
    ['token', { token: 'x' }, 'x'],
    ['data.token', { data: { token: 'x' } }, 'x'],
    ['tokens.1.value', { tokens: [{}, { value: 'x' }] }, 'x'],
    ['data.token', { data: null }, undefined],
    ['data.token', { data: 'text' }, undefined],
    ['data.length', { data: 'text' }, undefined],
    ['toString', {}, undefined],
    ['data.hasOwnProperty', { data: {} }, undefined],
    ['inherited', Object.create({ inherited: 'x' }), undefined],
    ['token', undefined, undefined],
  ])('%s in %j', (path, value, expected) => {
    expect(keyPath(path, 'tokenKey')(value)).toBe(expected);
  });

  it.each(['', '.', 'a.', '.a', 'a..b', '__proto__', 'a.__proto__.b', 'constructor', 'a.prototype'])(
    'refuses %j at once, naming the option',
    (path) => {
      expect(() => keyPath(path, 'tokenKey')).toThrow(ConfigurationError);
      expect(() => keyPath(path, 'tokenKey')).toThrow(expect.objectContaining({ option: 'tokenKey' }));
    },
  );
});
