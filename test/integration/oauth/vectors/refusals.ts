/** Rules 1, 4 and 5: answers that say no, and what their errors carry. */

import { gzipSync } from 'node:zlib';
import { answer, FORM_TYPE, HTML_TYPE, JSON_TYPE, NOW, ok, type Talk, TEXT_TYPE, type Vector } from './vector.ts';

const refusal = JSON.stringify({ error: 'invalid_grant', error_description: 'The token is old.' });
const expired = { kind: 'oauth-error', error: 'invalid_grant', errorDescription: 'The token is old.' } as const;

const oauthErrors: readonly Vector[] = [
  ...[200, 201, 400, 401, 403, 404, 418, 429, 500, 503].map((status) => ({
    name: `an OAuth error with status ${status}`,
    talk: answer(`${status} X`, [JSON_TYPE], refusal),
    fails: { ...expired, status },
  })),
  ...(
    [
      ['as text/html', answer('400 X', [HTML_TYPE], refusal)],
      ['behind a BOM', answer('400 X', [JSON_TYPE], `\ufeff${refusal}`)],
      ['gzip', answer('400 X', [JSON_TYPE, 'content-encoding: gzip'], gzipSync(refusal))],
      ['as a form', answer('400 X', [FORM_TYPE], 'error=invalid_grant&error_description=The+token+is+old.')],
      ['as a form, as text', answer('200 X', [TEXT_TYPE], 'error=invalid_grant&error_description=The%20token is old.')],
      ['beside a token', ok(`{"access_token":"t",${refusal.slice(1)}`)],
    ] satisfies [string, Talk][]
  ).map(([how, talk]) => ({ name: `an OAuth error ${how}`, talk, fails: expired })),
  {
    name: 'an OAuth error without description',
    talk: answer('400 X', [JSON_TYPE], '{"error":"slow_down","error_description":""}'),
    fails: { kind: 'oauth-error', error: 'slow_down', errorDescription: undefined, message: /no token: slow_down$/ },
  },
  {
    name: 'an OAuth error whose description is no text',
    talk: answer('400 X', [JSON_TYPE], '{"error":"invalid_scope","error_description":["x"]}'),
    fails: { kind: 'oauth-error', error: 'invalid_scope', errorDescription: undefined },
  },
  {
    name: 'an OAuth error that nobody knows',
    talk: answer('400 X', [JSON_TYPE], '{"error":"AADSTS50058"}'),
    fails: { kind: 'oauth-error', error: 'AADSTS50058' },
  },
  {
    name: 'a description that would write its own lines',
    talk: ok({ error: 'e\r\nx', error_description: 'a\r\nb\x1b[31mc\u202ed\u2028e\0' }),
    fails: { error: 'e\\u{d}\\u{a}x', errorDescription: 'a\\u{d}\\u{a}*****[*****\\u{2028}*****' },
  },
  {
    name: 'a description in Latin-1',
    talk: ok(Buffer.from('{"error":"e","error_description":"größe"}', 'latin1')),
    fails: { errorDescription: 'gr\ufffd\ufffde' },
  },
  {
    name: 'a description of 500 kB',
    talk: ok({ error: 'e', error_description: '密'.repeat(170_000) }),
    fails: { errorDescription: `${'密'.repeat(997)}…` },
  },
  {
    name: 'an error of 500 kB',
    talk: ok({ error: 'error '.repeat(80_000) }),
    fails: { error: `${'error '.repeat(166)}e…`, errorDescription: undefined },
  },
];

const page = '<!doctype html><h1>Error</h1><a href="?error=invalid_grant">error=invalid_grant</a>';

const statuses: readonly Vector[] = [
  ...[400, 401, 403, 404, 405, 408, 410, 425, 429, 499, 500, 502, 503, 504, 599].map((status) => ({
    name: `a page with status ${status}`,
    talk: answer(`${status} X`, [HTML_TYPE], page),
    fails: { kind: 'http-status', status, error: undefined } as const,
  })),
  ...(
    [
      ['nothing', answer('403 X', [])],
      ['a token', answer('403 X', [JSON_TYPE], '{"access_token":"t"}')],
      ['an error that is an object', answer('403 X', [JSON_TYPE], '{"error":{"code":403}}')],
      ['an empty error', answer('403 X', [JSON_TYPE], '{"error":""}')],
      ['an error on a __proto__', answer('403 X', [JSON_TYPE], '{"__proto__":{"error":"invalid_grant"}}')],
      ['a JSON list', answer('403 X', [JSON_TYPE], '[{"error":"invalid_grant"}]')],
      ['more than 1 MiB', answer('403 X', [JSON_TYPE], 'x'.repeat(1024 * 1024 + 1))],
    ] satisfies [string, Talk][]
  ).map(([what, talk]) => ({
    name: `a status 403 with ${what}`,
    talk,
    fails: { kind: 'http-status', status: 403, error: undefined } as const,
  })),
  ...(
    [
      ['204 X', 'malformed'],
      ['205 X', 'malformed'],
      ['600 X', 'http-status'],
      ['999 X', 'http-status'],
    ] as const
  ).map(([status, kind]) => ({ name: `status ${status}`, talk: answer(status, []), fails: { kind } })),
];

const retryAfter: readonly Vector[] = [
  ['120', NOW + 120_000],
  ['0', NOW],
  ['1.5', NOW + 1500],
  ['86400', NOW + 300_000],
  ['99999999999999999999', NOW + 300_000],
  [new Date(NOW + 60_000).toUTCString(), NOW + 60_000],
  [new Date(NOW - 60_000).toUTCString(), NOW],
  ['Fri, 31 Dec 9999 23:59:59 GMT', NOW + 300_000],
  ['Sunday, 22-Nov-26 12:01:00 GMT', NOW + 60_000],
  ['-5', undefined],
  ['soon', undefined],
  ['', undefined],
  ['120, 240', undefined],
].map(([value, retryAt]) => ({
  name: `Retry-After: ${value}`,
  talk: answer('503 X', [`retry-after: ${value}`], page),
  fails: { kind: 'http-status', status: 503, retryAt: retryAt as number | undefined } as const,
}));

const retryBeside: readonly Vector[] = [
  {
    name: 'Retry-After beside an OAuth error',
    talk: answer('400 X', [JSON_TYPE, 'retry-after: 7'], '{"error":"slow_down"}'),
    fails: { error: 'slow_down', retryAt: NOW + 7000 },
  },
  {
    name: 'Retry-After beside a page that never ends',
    talk: answer('503 X', ['retry-after: 7'], 'x'.repeat(2 * 1024 * 1024)),
    fails: { kind: 'http-status', status: 503, retryAt: NOW + 7000 },
  },
];

export const refusals: readonly Vector[] = [...oauthErrors, ...statuses, ...retryAfter, ...retryBeside];
