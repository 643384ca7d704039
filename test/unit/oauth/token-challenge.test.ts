import { describe, expect, it } from 'vitest';
import { resourceMetadataUrl, type TokenChallenge, tokenChallenge } from '../../../src/oauth/token-challenge.ts';

const read = (field?: string) =>
  tokenChallenge({ headers: new Headers(field === undefined ? {} : { 'www-authenticate': field }) });

const CLAIMS = '{"access_token":{"nbf":{"essential":true,"value":"1604106651"},"ü?>":null}}';
const base64 = Buffer.from(CLAIMS).toString('base64');
const base64url = Buffer.from(CLAIMS).toString('base64url');

describe('tokenChallenge', () => {
  it.each<[string | undefined, TokenChallenge]>([
    [undefined, {}],
    ['Basic realm="x", error="invalid_token"', {}],
    ['Bearer', {}],
    ['Bearer realm="x"', {}],
    ['Bearer error="invalid_token"', { error: 'invalid_token' }],
    ['bearer ERROR=invalid_token', { error: 'invalid_token' }],
    ['Bearer realm="x", DPoP error="invalid_token", algs="ES256"', { error: 'invalid_token' }],
    [
      'Bearer error="insufficient_scope", scope="read  write"',
      { error: 'insufficient_scope', scope: ['read', 'write'] },
    ],
    ['Bearer error="insufficient_scope", scope=""', { error: 'insufficient_scope' }],
    ['Basic realm="Bearer error=x", Bearer error=a, Bearer error=b', { error: 'a' }],
    ['Bearer acr_values="gold silver", max_age="300"', { acrValues: 'gold silver', maxAgeMs: 300_000 }],
    ['Bearer acr_values="", max_age=0', { maxAgeMs: 0 }],
    ['Bearer max_age="-1"', {}],
    ['Bearer max_age="1e3"', {}],
    ['Bearer max_age="99999999999"', {}],
    [`Bearer claims="${base64}"`, { claims: CLAIMS }],
    [`Bearer claims="${base64url}"`, { claims: CLAIMS }],
    ['Bearer claims="{\\"a\\":1}"', { claims: '{"a":1}' }],
    ['Bearer claims="not base64"', {}],
    [`Bearer claims="${btoa('"text"')}"`, {}],
    [`Bearer claims="${btoa('[1]')}"`, {}],
    [`Bearer claims="${btoa('{"a":1')}"`, {}],
    [`Bearer claims="${btoa('{"a":"\xff"}')}"`, {}],
  ])('%s', (field, expected) => {
    expect(read(field)).toEqual(expected);
  });
});

describe('resourceMetadataUrl', () => {
  it.each([
    ['Bearer resource_metadata="https://api.example/meta"', 'https://api.example/meta'],
    ['Basic realm="x", DPoP algs="ES256", resource_metadata="https://api.example/meta"', 'https://api.example/meta'],
    [['Basic realm="x"', 'Bearer resource_metadata="a"'], 'a'],
    ['Bearer realm="resource_metadata=x"', undefined],
    [null, undefined],
  ])('%j', (field, expected) => {
    expect(resourceMetadataUrl(field)).toBe(expected);
  });
});
