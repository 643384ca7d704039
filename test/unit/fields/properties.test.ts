import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildAuthenticator, knownAuthenticators } from '../../../src/builders/build-authenticator.ts';
import { ConfigurationError, CredentialError } from '../../../src/errors.ts';
import { credentialSchema } from '../../../src/fields/credential-schema.ts';
import { secret } from '../../../src/secret.ts';

const MARK = 'Qz7-s3cret-7zQ';
const FIELDS = Object.keys(credentialSchema);
const TYPES = [...knownAuthenticators().keys()];

/** A credential that every authenticator takes. */
const GOOD = {
  url: 'https://api.example/login',
  username: 'ada',
  password: 'wonderland',
  apikey: 'key-of-ada',
  authHeader: 'x-api-key',
  oauth2Type: 'ResourceOwner',
  oauth2ClientId: 'robot',
  oauth2ClientSecret: 'tin-man-heart',
  oauth2TokenURL: 'https://as.example/token',
  oauth2ResourceOwnerUsername: 'ada',
  oauth2ResourceOwnerPassword: 'wonderland',
};

const secretText = fc.tuple(fc.string({ unit: 'binary' }), fc.string()).map(([a, b]) => `${a}${MARK}${b}`);
const json = fc.oneof(
  fc.json().map((text) => text.replace(/"/, `"${MARK}`)),
  secretText.map((text) => JSON.stringify({ in: text, skewMs: [text], audience: { text } })),
  secretText.map((text) => `{"token": "${text}`),
);

/** What may stand in a field: of every type, and with the secret in it wherever it can be. */
const junk = fc.oneof(
  secretText,
  json,
  secretText.map((text) => `https://ada:${text}@h/`),
  secretText.map((text) => `X-Key: ${text}`),
  secretText.map((text) => secret(text)),
  secretText.map((text) => [text, { text }]),
  secretText.map((text) => ({ [text]: text, in: text, strict: text })),
  secretText.map((text) => () => text),
  secretText.map((text) => Symbol(text)),
  secretText.map((text) => Object.assign(Object.create(null), { text })),
  fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true, withNullPrototype: true }),
  fc.constantFrom('', ' ', null, undefined, true, false, 'true', 0, -1, 5, '5', Number.NaN, '{}', '[]', '{'),
);

/** What comes of a credential: an authenticator, or one of the errors that may come, without the secret. */
function outcome(fields: object): unknown {
  try {
    return buildAuthenticator(fields, {
      fetch: () => Promise.reject(new TypeError('no network')),
      incoming: () => ({ headers: {} }),
    });
  } catch (error) {
    if (!(error instanceof ConfigurationError) && !(error instanceof CredentialError)) throw error;
    const shown = inspect(error, { depth: 10, showHidden: true }) + error.message + JSON.stringify(error);
    expect(shown).not.toContain(MARK);
    return error;
  }
}

describe('whatever stands in the fields', () => {
  it('gives an authenticator or a clean error, one field at a time', () => {
    fc.assert(
      fc.property(fc.constantFrom(...TYPES), fc.constantFrom(...FIELDS), junk, (authType, field, value) => {
        outcome({ ...GOOD, authType, [field]: value });
      }),
      { numRuns: 3000 },
    );
  });

  it('gives an authenticator or a clean error, all fields at once', () => {
    const all = fc.record(Object.fromEntries(FIELDS.map((name) => [name, junk])), { requiredKeys: [] });
    fc.assert(
      fc.property(fc.constantFrom(...TYPES), all, (authType, fields) => {
        outcome({ ...fields, authType, authOverride: '' });
      }),
      { numRuns: 500 },
    );
  });

  it('is refused under a name that nobody knows, which is not repeated where it may be a secret', () => {
    fc.assert(
      fc.property(fc.constantFrom(...TYPES), secretText, junk, (authType, name, value) => {
        expect(outcome({ ...GOOD, authType, [name]: value })).toBeInstanceOf(ConfigurationError);
      }),
    );
  });

  it('leaves a good credential good in the fields that its authenticator has no use for', () => {
    const unused = ['prefix', 'suffix', 'oauth2TokenFormat', 'tokenRefreshTTL', 'oauth2Type', 'tokenKey', 'apikey'];
    fc.assert(
      fc.property(fc.constantFrom(...unused), junk, (field, value) => {
        expect(outcome({ ...GOOD, authType: 'AuthBasic', [field]: value })).not.toBeInstanceOf(Error);
      }),
    );
  });
});
