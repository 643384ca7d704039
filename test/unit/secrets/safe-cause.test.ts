import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { AuthError, CredentialError, StoreError } from '../../../src/errors.ts';
import { credentialFilter } from '../../../src/logging/credential-filter.ts';
import { withSafeCause } from '../../../src/secrets/safe-cause.ts';

const SECRET = 'safe-cause/secret+77';
credentialFilter.updateSecret('safe-cause', SECRET);

const causing = (cause: unknown) => withSafeCause(new StoreError('The store failed.', { cause }));

describe('a cause without a secret', () => {
  it.each<[string, unknown]>([
    ['an error', new TypeError('EACCES')],
    [
      'an error with a cause and fields',
      Object.assign(new Error('a', { cause: new Error('b') }), { code: 'EACCES', errno: -13, path: '/dev/null' }),
    ],
    ['text', 'nothing here'],
    ['nothing', undefined],
    ['null', null],
    ['an error of ours', new CredentialError('none')],
  ])('stays what it is: %s', (_name, cause) => {
    expect(causing(cause).cause).toBe(cause);
  });
});

describe('a cause with a secret', () => {
  it.each<[string, unknown]>([
    ['in its message', new Error(`cannot write ${SECRET}`)],
    ['in its stack', Object.assign(new Error('x'), { stack: `Error: ${SECRET}\n    at a (b.js:1:1)` })],
    ['in its cause', new Error('x', { cause: new Error(encodeURIComponent(SECRET)) })],
    ['in one of several', new AggregateError([new Error('x'), new Error(btoa(SECRET))], 'all')],
    [
      'in what a client hung on it',
      Object.assign(new Error('x'), { config: { headers: [{ a: `Bearer ${SECRET}` }] } }),
    ],
    ['in bytes', Object.assign(new Error('x'), { body: Buffer.from(SECRET) })],
    ['in headers', Object.assign(new Error('x'), { headers: new Headers({ cookie: SECRET }) })],
    ['in a URL', Object.assign(new Error('x'), { input: new URL(`https://a.example/?k=${SECRET}`) })],
    ['in a map', Object.assign(new Error('x'), { cache: new Map([[SECRET, 1]]) })],
    ['in what only its toJSON tells', Object.assign(new Error('x'), { options: { toJSON: () => ({ body: SECRET }) } })],
    [
      'in what only its inspection tells',
      Object.assign(new Error('x'), { options: { [inspect.custom]: () => SECRET } }),
    ],
    ['as a key', Object.assign(new Error('x'), { [SECRET]: 1 })],
    ['under a symbol', Object.assign(new Error('x'), { [Symbol('headers')]: SECRET })],
    ['as text', `failed: ${SECRET}`],
    ['in an object that is no error', { failed: SECRET }],
  ])('cannot be printed: %s', (_where, cause) => {
    const printed = inspect(causing(cause), { depth: 10, showHidden: true });

    expect(credentialFilter.mask(printed)).toBe(printed);
    expect(inspect(cause, { depth: 10 })).not.toBe(inspect(causing(cause).cause, { depth: 10 }));
  });

  it('still says what happened', () => {
    const { cause } = causing(Object.assign(new TypeError(`cannot write ${SECRET}`), { code: 'EACCES' }));

    expect(cause).toMatchObject({ name: 'TypeError', message: 'cannot write *****', code: 'EACCES' });
  });

  it.each([SECRET, `{"a":${SECRET}`, '{', '"open'])('quotes nothing that was no JSON: %j', (text) => {
    const parse = () => {
      try {
        return JSON.parse(text);
      } catch (error) {
        return error;
      }
    };
    const { message, stack } = causing(parse()).cause as Error;

    expect(message).toMatch(/JSON/);
    expect(message + stack?.split('\n')[0]).not.toContain(SECRET.slice(0, 5));
  });

  it('is found behind errors of ours', () => {
    const inner = new CredentialError('no secret', { cause: new Error(SECRET) });

    expect(inspect(withSafeCause(new StoreError('no store', { cause: inner })))).not.toContain(SECRET);
  });
});

it.each([{ config: { n: 1 } }, { agent: new Map() }, { toJSON: () => 'ok' }])(
  'an error that holds other objects is reduced to what an error says: %o',
  (fields) => {
    const { cause } = causing(Object.assign(new TypeError('laden', { cause: new Error('inner') }), fields));

    expect(cause).toMatchObject({ name: 'TypeError', message: 'laden', cause: { message: 'inner' } });
    expect(cause).not.toHaveProperty(Object.keys(fields)[0] ?? '');
  },
);

it('an error that cannot be read is no reason to fail', () => {
  const unreadable = Object.defineProperty(new Error('x'), 'a', { enumerable: true, get: () => expect.unreachable() });

  expect(causing(unreadable).cause).toMatchObject({ message: 'x' });
});

it('errors of ours that are causes of each other end the search', () => {
  const error = new AuthError('round');
  error.cause = error;

  expect(withSafeCause(error)).toBe(error);
});
