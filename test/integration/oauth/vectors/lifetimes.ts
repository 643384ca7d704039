/** Rules 8 and 10: how long a token lives, and where an answer says so. What cannot be read is never "expired". */

import { FORM_TYPE, NOW, ok, okWith, TEN_YEARS_MS, type Vector } from './vector.ts';

const hour = { expiresAt: NOW + 3_600_000 };
const tenYears = { expiresAt: NOW + TEN_YEARS_MS };

const expiresIn: readonly Vector[] = [
  ['3600', hour],
  ['"3600"', hour],
  ['3600.9', hour],
  ['"3600.9"', hour],
  ['3.6e3', hour],
  ['1', { expiresAt: NOW + 1000 }],
  ['315360000', tenYears],
  ['315360001', tenYears],
  ['1795348800', tenYears],
  ['9007199254740993', tenYears],
  ['1e308', tenYears],
  ['"99999999999999999999"', tenYears],
  ['1e400', {}],
  ['-1e400', {}],
  ['0', {}],
  ['-0', {}],
  ['0.9', {}],
  ['-3600', {}],
  ['"-3600"', {}],
  ['"0"', {}],
  ['""', {}],
  ['" 3600"', {}],
  ['"3600s"', {}],
  ['"3,600"', {}],
  ['"1e3"', {}],
  ['"0xe10"', {}],
  ['"NaN"', {}],
  ['"Infinity"', {}],
  ['"PT1H"', {}],
  ['"2026-11-22T13:00:00Z"', {}],
  ['"٣٦٠٠"', {}],
  ['null', {}],
  ['true', {}],
  ['[3600]', {}],
  ['{"seconds":3600}', {}],
].map(([json, token]) => ({
  name: `expires_in ${json}`,
  talk: okWith({ expires_in: json as string }),
  token: token as Vector['token'] & object,
}));

const elsewhere: readonly Vector[] = [
  { name: 'expires_in in a form', talk: ok('access_token=t&expires_in=3600', FORM_TYPE), token: hour },
  { name: 'expires_in NaN in a form', talk: ok('access_token=t&expires_in=NaN', FORM_TYPE), token: {} },
  { name: 'no lifetime', talk: ok({ access_token: 't' }), token: {} },
  {
    name: 'no lifetime, where an option knows it',
    options: { ttlMs: 5000 },
    talk: ok({ access_token: 't' }),
    token: { expiresAt: NOW + 5000 },
  },
  {
    name: 'a negative lifetime, where an option knows better',
    options: { ttlMs: 5000 },
    talk: okWith({ expires_in: '-1' }),
    token: { expiresAt: NOW + 5000 },
  },
  {
    name: 'a lifetime, where an option overrules it',
    options: { expiry: 'static', ttlMs: 5000 },
    talk: okWith({ expires_in: '3600' }),
    token: { expiresAt: NOW + 5000 },
  },
  ...(['"2026-11-22T13:00:00Z"', '"2026-11-22 13:00:00"', `${NOW / 1000 + 3600}`, `${NOW + 3_600_000}`] as const).map(
    (json) => ({
      name: `expires_at ${json}`,
      options: { expiresInKey: 'expires_at' },
      talk: okWith({ expires_at: json }),
      token: hour,
    }),
  ),
  ...(['"2020-01-01T00:00:00Z"', '"tomorrow"', '0', 'null'] as const).map((json) => ({
    name: `expires_at ${json}`,
    options: { expiresInKey: 'expires_at' },
    talk: okWith({ expires_at: json }),
    token: {},
  })),
];

const nested = { data: { session: [{ jwt: 't', ttl: { in: '60' } }] } };
const deep = { tokenKey: 'data.session.0.jwt', expiresInKey: 'data.session.0.ttl.in' };

const selectors: readonly Vector[] = [
  { name: 'paths through objects and lists', options: deep, talk: ok(nested), token: { expiresAt: NOW + 60_000 } },
  { name: 'a path in a form', options: { tokenKey: 'jwt' }, talk: ok('jwt=t', FORM_TYPE), token: {} },
  ...[
    ['a path to nothing', deep.tokenKey, { data: { session: [] } }],
    ['a path through null', deep.tokenKey, { data: null }],
    ['a path through text', 'data.length', { data: 'text' }],
    ['a path to what a list inherits', 'data.at', { data: ['t'] }],
    ['a path to what an object inherits', 'toString.name', {}],
    ['a path to what __proto__ would hand down', 'data.jwt', '{"data":{"__proto__":{"jwt":"t"}}}'],
    ['a name with dots, which is no path', 'data.jwt', { 'data.jwt': 't' }],
  ].map(([name, tokenKey, body]) => ({
    name: name as string,
    options: { tokenKey: tokenKey as string },
    talk: ok(body),
    fails: { kind: 'malformed', status: 200, message: new RegExp(`it has no '${tokenKey}'|no printable`) } as const,
  })),
];

export const lifetimes: readonly Vector[] = [...expiresIn, ...elsewhere, ...selectors];
