import { inspect } from 'node:util';
import { generateKeyPair } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AuthenticationError } from '../../../src/errors.ts';
import { authorizationServer } from '../../../src/oauth/authorization-server.ts';
import { type IdTokenExpectation, idTokenValidator } from '../../../src/oauth/id-token.ts';
import { type HandIssuer, startHandIssuer } from '../../helpers/hand-issuer.ts';

let as: HandIssuer;
beforeAll(async () => {
  as = await startHandIssuer();
});
afterAll(() => as[Symbol.asyncDispose]());
beforeEach(() => {
  as.received.length = 0;
  as.metadata = {};
});

const seconds = (offset: number) => Math.floor(Date.now() / 1000) + offset;

function check(idToken: string | undefined, expected: IdTokenExpectation | undefined = {}, options = {}) {
  const server = authorizationServer({ issuer: as.issuer });
  return idTokenValidator(server, { clientId: 'id', ...options })?.check(idToken, expected);
}

describe('an ID token is valid', () => {
  it.each([
    ['when it is signed by the issuer for the client', {}, {}],
    ['when its clock is half a minute wrong', { exp: seconds(-25) }, {}],
    ['with the nonce of the login', { nonce: 'n' }, { nonce: 'n' }],
    ['for several, if the client is the authorized party', { aud: ['id', 'b'], azp: 'id' }, {}],
    ['in a list of one', { aud: ['id'] }, {}],
    ['when the login was fresh enough', { auth_time: seconds(-50) }, { maxAgeMs: 60_000 }],
  ])('%s', async (_name, claims, expected) => {
    await check(await as.idToken(claims), expected);
  });

  it('when the user is the same as before', async () => {
    await check(await as.idToken(), { previous: await as.idToken({ iat: 1, exp: 2 }) });
  });

  it('and the keys are asked for once', async () => {
    const server = authorizationServer({ issuer: as.issuer });
    const validator = idTokenValidator(server, { clientId: 'id' });
    await validator?.check(await as.idToken(), {});
    await validator?.check(await as.idToken(), {});
    expect(as.to('/jwks')).toHaveLength(1);
  });
});

it('that a refresh has brought counts though it has expired: the clock of this machine is wrong', async () => {
  expect(await check(await as.idToken({ exp: seconds(-3600) }), {})).toBe(true);
});

describe('an ID token is refused', () => {
  it.each<[string, object, IdTokenExpectation]>([
    ['of another issuer', { iss: 'https://evil.example' }, {}],
    ['for another client', { aud: 'other' }, {}],
    ['for several without an authorized party', { aud: ['id', 'b'] }, {}],
    ['whose authorized party is another', { azp: 'other' }, {}],
    ['that has expired', { exp: seconds(-31) }, { required: true }],
    ['without an expiry', { exp: undefined }, {}],
    ['without a subject', { sub: undefined }, {}],
    ['with another nonce', { nonce: 'other' }, { nonce: 'n' }],
    ['without the nonce', {}, { nonce: 'n' }],
    ['of a login too long ago', { auth_time: seconds(-100) }, { maxAgeMs: 60_000 }],
    ['that does not say when the login was', {}, { maxAgeMs: 60_000 }],
  ])('%s', async (_name, claims, expected) => {
    await expect(check(await as.idToken({ ...claims }), expected)).rejects.toThrow(AuthenticationError);
  });

  it('that has expired, and the error names both clocks', async () => {
    const expired = check(await as.idToken({ exp: seconds(-3600) }), { required: true });
    await expect(expired).rejects.toThrow(
      /ERR_JWT_EXPIRED \(exp\): it expired at \S+Z, and the clock of this machine says \S+Z/,
    );
  });

  it('of another user than the one before', async () => {
    const previous = await as.idToken({ sub: 'eve' });
    await expect(check(await as.idToken(), { previous })).rejects.toThrow(/another user/);
  });

  it('that is missing although it must come', async () => {
    await expect(check(undefined, { required: true })).rejects.toThrow(/sent none/);
    await check(undefined, {});
  });

  it('signed with another key', async () => {
    const { privateKey } = await generateKeyPair('ES256');
    await expect(check(await as.idToken({}, { key: privateKey }))).rejects.toThrow(AuthenticationError);
  });

  it('signed with a secret that the client has as well, whatever the server announces', async () => {
    as.metadata = { id_token_signing_alg_values_supported: ['HS256', 'ES256'] };
    const idToken = await as.idToken({}, { alg: 'HS256', key: new TextEncoder().encode('x'.repeat(32)) });
    await expect(check(idToken)).rejects.toThrow(/ERR_JOSE_ALG_NOT_ALLOWED/);
  });

  it('that nobody has signed', async () => {
    as.metadata = { id_token_signing_alg_values_supported: ['none', 'ES256'] };
    const [, payload] = (await as.idToken()).split('.');
    const header = Buffer.from('{"alg":"none"}').toString('base64url');
    await expect(check(`${header}.${payload}.`)).rejects.toThrow(AuthenticationError);
  });

  it('with an algorithm that the server has not announced: RS256 where it says nothing', async () => {
    as.metadata = { id_token_signing_alg_values_supported: undefined };
    await expect(check(await as.idToken())).rejects.toThrow(/ERR_JOSE_ALG_NOT_ALLOWED/);
  });

  it('when there are no keys', async () => {
    as.metadata = { jwks_uri: undefined };
    await expect(check(await as.idToken())).rejects.toThrow(/jwks uri/);
  });

  it('when the keys are out of reach and it must be checked', async () => {
    as.metadata = { jwks_uri: `${as.issuer}/none` };
    const checked = check(await as.idToken(), { required: true });
    await expect(checked).rejects.toMatchObject({ kind: 'http-status', status: 404 });
  });

  it.each(['x', 'a.b.c', 'a.b.c.d.e'])('when it is %j', async (idToken) => {
    await expect(check(idToken)).rejects.toThrow(AuthenticationError);
  });

  it('without telling what it claims', async () => {
    const idToken = await as.idToken({ sub: 'ada-lovelace', aud: 'other' });
    const error = await check(idToken)?.catch((reason: unknown) => reason);
    expect(inspect(error, { depth: 9 })).not.toMatch(/ada-lovelace|eyJ/);
  });
});

it('an ID token that need not come is left out when the keys are out of reach', async () => {
  as.metadata = { jwks_uri: `${as.issuer}/none` };
  expect(await check(await as.idToken())).toBe(false);
});

it('nobody looks at an ID token that no grant has asked for', async () => {
  const server = authorizationServer({ issuer: as.issuer });
  await idTokenValidator(server, { clientId: 'id' })?.check('rubbish', undefined);
  const known = authorizationServer({ tokenEndpoint: `${as.issuer}/token` });
  expect(idTokenValidator(known, { clientId: 'id' })).toBeUndefined();
});
