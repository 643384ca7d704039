import { describe, expect, it } from 'vitest';
import { type Counts, maskFilter } from '../../../src/cli/mask-filter.ts';
import { findCredentials } from '../../../src/logging/credential-shapes.ts';
import { createTextFilter } from '../../../src/logging/text-filter.ts';

const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U';

function mask(text: string): string {
  return maskFilter(createTextFilter(), new Map() as Counts).mask(text);
}

describe('masks', () => {
  it.each([
    ['a header line', 'Authorization: Bearer abc.def', 'Authorization: Bearer *****'],
    ["curl's user", `curl -u ali:s3 -U x "https://h"`, `curl -u ali:***** -U x "https://h"`],
    ["curl's long options", `--user 'ali:s 3' --oauth2-bearer abc1`, `--user 'ali:*****' --oauth2-bearer *****`],
    ["curl's cookies", `curl -b 'sid=abc; theme=dark' h`, `curl -b 'sid=*****; theme=*****' h`],
    ['an option', `x --token abc1 --client-secret "d e" --key f`, `x --token ***** --client-secret "*****" --key f`],
    ['netrc', 'machine h login ali password abc1', 'machine h login ali password *****'],
    ["npm's and Docker's users", `_auth=YWxpOnMz "auth": "YWxpOnMz"`, `_auth=***** "auth": "*****"`],
    [
      'an element with attributes',
      '<wsse:Password Type="x">s3</wsse:Password>',
      '<wsse:Password Type="x">*****</wsse:Password>',
    ],
    ['JSON in HTML', '{&quot;token&quot;: &quot;abc1&quot;}', '{&quot;token&quot;: &quot;*****&quot;}'],
    ['JSON in a URL', '%7B%22password%22%3A%22abc1%22%7D', '%7B%22password%22%3A%22*****%22%7D'],
    ["Go's assignments", 'token := "abc1"', 'token := "*****"'],
    ['a token of git', 'git+https://abc1@github.com/x', 'git+https://*****@github.com/x'],
    ['a header of an unknown scheme', 'Authorization: Custom a b', 'Authorization: Custom *****'],
    ['a header without a scheme', 'authorization: s3cr3t', 'authorization: *****'],
    [
      "curl's output",
      '> Proxy-Authorization: Basic dTpw\r\n> Accept: */*',
      '> Proxy-Authorization: Basic *****\r\n> Accept: */*',
    ],
    ['a header of a command line', `curl -H 'X-Api-Key: k 1' https://h`, `curl -H 'X-Api-Key: *****' https://h`],
    ['a header in a sentence', 'sent Authorization: Bearer abc to h', 'sent Authorization: Bearer ***** to h'],
    [
      'only the response of Digest',
      'Authorization: Digest username="u", response="0a1b", qop=auth',
      'Authorization: Digest username="u", response="*****", qop=auth',
    ],
    [
      'the response of Digest in JSON',
      String.raw`{"authorization":"Digest nonce=\"n\", response=\"0a1b\""}`,
      String.raw`{"authorization":"Digest nonce=\"n\", response=\"*****\""}`,
    ],
    [
      'the response of Digest in a sentence',
      'sent Authorization: Digest username="u", response="0a1b", qop=auth to h',
      'sent Authorization: Digest username="u", response="*****", qop=auth to h',
    ],
    [
      'the response of Digest in a message in JSON',
      String.raw`{"msg":"sent Authorization: Digest username=\"u\", response=\"0a1b\"","n":1}`,
      String.raw`{"msg":"sent Authorization: Digest username=\"u\", response=\"*****\"","n":1}`,
    ],
    [
      'parameters in a sentence',
      'sent Authorization: Hawk id="x", mac="0a1b" to h',
      'sent Authorization: Hawk ***** to h',
    ],
    ['cookies, but not their names', 'Cookie: sid=abc; theme=dark', 'Cookie: sid=*****; theme=*****'],
    [
      'a set cookie, but not its attributes',
      '< Set-Cookie: sid=abc; Path=/; Expires=Wed, 09 Jun 2027 10:00:00 GMT',
      '< Set-Cookie: sid=*****; Path=/; Expires=Wed, 09 Jun 2027 10:00:00 GMT',
    ],
    ['cookies in a JSON list', '{"set-cookie":["a=b; Path=/","c=d"]}', '{"set-cookie":["a=*****; Path=/","c=*****"]}'],
    [
      'raw headers',
      `[ 'Authorization', 'Bearer abc', 'Host', 'h' ]`,
      `[ 'Authorization', 'Bearer *****', 'Host', 'h' ]`,
    ],
    ["Go's headers", 'map[Authorization:[Bearer abc] Host:[h]]', 'map[Authorization:[Bearer *****] Host:[h]]'],
    [
      'a pair of HAR',
      '{"name": "Authorization", "value": "DPoP abc"}',
      '{"name": "Authorization", "value": "DPoP *****"}',
    ],
    ['a pair the other way round', '{"value":"abc","name":"access_token"}', '{"value":"*****","name":"access_token"}'],
    [
      'a pair over several lines',
      '{\n "name": "Cookie",\n "value": "a=b"\n}',
      '{\n "name": "Cookie",\n "value": "a=*****"\n}',
    ],
    [
      "HAR's cookies",
      '"cookies": [{"name":"theme","value":"d]rk","path":"/"}], "x": {"value":"y"}',
      '"cookies": [{"name":"theme","value":"*****","path":"/"}], "x": {"value":"y"}',
    ],
    ['a URL', 'GET /cb?access_token=abc.d-e~f&x=1#top', 'GET /cb?access_token=*****&x=1#top'],
    ['a code in a query', '/cb?code=SplxlOBeZQQYbYS6WxSbIA&state=x', '/cb?code=*****&state=x'],
    [
      'a URL in a query',
      'to=https%3A%2F%2Fh%3Fid_token%3Dabc%26x%3D1',
      'to=https%3A%2F%2Fh%3Fid_token%3D*****%26x%3D1',
    ],
    [
      'a form',
      'grant_type=password&password=a%20b&client_secret=x',
      'grant_type=password&password=*****&client_secret=*****',
    ],
    ['a member of JSON', '{"refresh_token": "a\\"b", "n": 1}', '{"refresh_token": "*****", "n": 1}'],
    ['a number in JSON', '{"password":123456,"n":1}', '{"password":"*****","n":1}'],
    [
      'JSON in JSON',
      String.raw`{"body":"{\"access_token\":\"a\\\"b\",\"n\":1}"}`,
      String.raw`{"body":"{\"access_token\":\"*****\",\"n\":1}"}`,
    ],
    ['a printed object', `{ clientSecret: 'abc', n: 1 }`, `{ clientSecret: '*****', n: 1 }`],
    ['a setting', 'DB_PASSWORD=hunter2;Server=db', 'DB_PASSWORD=*****;Server=db'],
    ['an XML element', '<wsse:Password>hunter2</wsse:Password>', '<wsse:Password>*****</wsse:Password>'],
    ['a signed URL', 'X-Amz-Signature=0a1b&sig=x%3D', 'X-Amz-Signature=*****&sig=*****'],
    ['a JWT anywhere', `got ${JWT}, ok`, 'got *****, ok'],
    ['an encoded JWT', `q=%20${JWT}`, 'q=%20*****'],
    ['Basic credentials anywhere', 'sent Basic dXNlcjpwYXNz', 'sent Basic *****'],
    ['a password in a URL', 'postgres://u:p@ss@db:5432/x', 'postgres://u:*****@db:5432/x'],
    ['a token in a URL', 'https://abc123@h.example/x.git', 'https://*****@h.example/x.git'],
    [
      'a private key in JSON',
      String.raw`{"k":"-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\n"}`,
      String.raw`{"k":"-----BEGIN RSA PRIVATE KEY-----*****-----END RSA PRIVATE KEY-----\n"}`,
    ],
    [
      'a private key, line by line',
      '-----BEGIN PRIVATE KEY-----\nMIIE\nab==\n-----END PRIVATE KEY-----\nx',
      '-----BEGIN PRIVATE KEY-----\n*****\n*****\n-----END PRIVATE KEY-----\nx',
    ],
    [
      'a private key that was cut off',
      '-----BEGIN EC PRIVATE KEY-----\nMIIE\nthe end: x',
      '-----BEGIN EC PRIVATE KEY-----\n*****\nthe end: x',
    ],
  ])('%s', (_name, text, masked) => {
    expect(mask(text)).toBe(masked);
    expect(mask(masked)).toBe(masked);
  });

  const long = 'aB3dE5gH1jK2mN4pQ6rS8tU0vW7xY9zA1bC2';
  it.each([
    `ghp_${long}`,
    `github_pat_${long}`,
    `glpat-${long.slice(0, 20)}`,
    `xoxb-${long}`,
    `sk_live_${long}`,
    'AKIAIOSFODNN7EXAMPLE',
    `AIza${long.slice(0, 35)}`,
    `ya29.${long}`,
    `npm_${long}`,
    `hvs.${long}`,
  ])('%s by its prefix', (token) => {
    expect(mask(`found "${token}" there`)).toBe('found "*****" there');
  });
});

describe('leaves alone', () => {
  it.each([
    'sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    'commit 5963776a0b1c2d3e4f5061728394a5b6c7d8e9f0',
    'id 123e4567-e89b-12d3-a456-426614174000',
    '{"token_type":"Bearer","expires_in":3600,"scope":"read"}',
    '{"password":null,"token":"","secret":true}',
    'Unexpected token < in JSON at position 0',
    'token: expired, signature: invalid, password: required',
    'Bearer authentication is required; Basic authentication is not',
    'WWW-Authenticate: Bearer realm="x", error="invalid_token"',
    '{"msg":"missing token: ","user":"bob"}',
    '{"required":["password","token","username"]}',
    'Access-Control-Allow-Headers: "Authorization", "Content-Type"',
    'max_tokens=512 tokens=9',
    'https://medium.com/@user/x ssh://git@host/x',
    '-----BEGIN CERTIFICATE-----\nMIIE\n-----END CERTIFICATE-----',
    'PWD=/home/bob',
    'ghp_short, eyJ, AKIA, sk-button-primary-large-rounded',
  ])('%s', (text) => {
    expect(mask(text)).toBe(text);
  });
});

it.each([
  ['backslashes', `${'\\'.repeat(300_000)}"`],
  ['beginnings of JWTs', 'eyJ'.repeat(100_000)],
  ['names', 'token'.repeat(60_000)],
  ['beginnings of keys', '-----BEGIN PRIVATE KEY-----'.repeat(10_000)],
  ['beginnings of URLs', '://'.repeat(100_000)],
])('needs no more than a second for 300 kB of %s', (_name, text) => {
  const start = performance.now();
  findCredentials(text);
  expect(performance.now() - start).toBeLessThan(1000);
});
