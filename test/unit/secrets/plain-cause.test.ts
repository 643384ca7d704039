import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { CredentialError } from '../../../src/errors.ts';
import { credentialFilter } from '../../../src/logging/credential-filter.ts';
import { errorCode, plainCause } from '../../../src/secrets/plain-cause.ts';

/** What HTTP clients throw: an error that holds half of their memory. */
function laden(message: string, more: object = {}): Error {
  return Object.assign(new TypeError(message), { request: { headers: { authorization: 'Bearer s3cr3t-1' } } }, more);
}

describe('a plain cause', () => {
  it('keeps name, message, code and where it came from', () => {
    const cause = plainCause(laden('connect ECONNREFUSED', { code: 'ECONNREFUSED' })) as Error;
    expect(cause).toMatchObject({ name: 'TypeError', message: 'connect ECONNREFUSED', code: 'ECONNREFUSED' });
    expect(cause.stack).toMatch(/^TypeError: connect ECONNREFUSED\n\s+at .*plain-cause\.test/);
  });

  it('keeps nothing else, however deep', () => {
    const deep = laden('outer', { cause: laden('inner', { data: 's3cr3t-1', code: 'Bearer s3cr3t-1' }) });
    const cause = plainCause(new AggregateError([laden('one'), deep], 'all')) as AggregateError;
    expect(cause.errors).toHaveLength(2);
    expect(cause.errors[1]).toMatchObject({ message: 'outer', cause: { message: 'inner' } });
    expect(inspect(cause, { depth: 10 })).not.toContain('s3cr3t-1');
  });

  it('masks and escapes what it keeps', () => {
    credentialFilter.updateSecret('plain-cause', 's3cr3t-2');
    const cause = plainCause(new Error('sent s3cr3t-2\nand\x1b[31m')) as Error;
    expect(cause.message).toBe('sent *****\\u{a}and\\u{1b}[31m');
    expect(inspect(cause)).not.toContain('s3cr3t-2');
  });

  it('ends where causes go round in a circle', () => {
    const error = new Error('round');
    error.cause = error;
    expect(inspect(plainCause(error), { depth: 10 }).match(/Error: round/g)).toHaveLength(5);
  });

  it.each(['text', 7, null, undefined, { message: 'm' }])('is none for %j, which is no error', (thrown) => {
    expect(plainCause(thrown)).toBeUndefined();
  });

  it('is the error itself where it is one of ours', () => {
    const error = new CredentialError('no key');
    expect(plainCause(error)).toBe(error);
  });
});

it.each<[unknown, string | undefined]>([
  [{ code: 'ECONNRESET' }, 'ECONNRESET'],
  [{ code: 'UND_ERR_SOCKET' }, 'UND_ERR_SOCKET'],
  [{ code: 'ERR_SSL_WRONG_VERSION_NUMBER' }, 'ERR_SSL_WRONG_VERSION_NUMBER'],
  [{ code: 'Bearer s3cret' }, undefined],
  [{ code: 20 }, undefined],
  [{}, undefined],
  [null, undefined],
])('the code of %j is %s', (error, code) => {
  expect(errorCode(error)).toBe(code);
});
