import type { Scenario } from './scenario.ts';

/** httpbin compares with the decoded path: nothing in it may need percent forms. */
const PASSWORD = 'a-password';
const USER = { username: 'u', password: PASSWORD };

const ofEach = ['MD5', 'SHA-256'].flatMap((algorithm): Scenario[] => [
  {
    name: `${algorithm} with qop=auth, of a choice of two`,
    user: USER,
    calls: [1, 2].map(() => ({ path: `/digest-auth/both/u/${PASSWORD}/${algorithm}` })),
    cookies: true,
    statuses: [200, 200],
    requests: 3,
    answer: new RegExp(`nc=00000002, .*algorithm=${algorithm}`),
  },
  {
    name: `${algorithm} with auth-int, without a body and with one`,
    user: USER,
    calls: ['GET', 'POST', 'PUT'].map((method) => ({
      path: `/digest-any/auth-int/u/${PASSWORD}/${algorithm}`,
      method,
      ...(method !== 'GET' && { body: '{"gr\u00fc\u00df":1}' }),
    })),
    cookies: true,
    statuses: [200, 200, 200],
    requests: 4,
    answer: /qop=auth-int, nc=00000003/,
  },
]);

export const httpbin: readonly Scenario[] = [
  ...ofEach,
  {
    name: 'a stale nonce, which a cookie makes so',
    user: USER,
    calls: [1, 2, 3].map(() => ({ path: `/digest-auth/auth/u/${PASSWORD}/SHA-256/1` })),
    cookies: true,
    statuses: [200, 200, 200],
    requests: 6,
    said: /stale=TRUE/,
  },
  {
    name: 'a wrong password',
    user: { ...USER, password: 'wrong' },
    calls: [{ path: `/digest-any/auth-int/u/${PASSWORD}/MD5`, method: 'POST', body: 'x' }],
    cookies: true,
    statuses: [401],
    requests: 2,
  },
];
