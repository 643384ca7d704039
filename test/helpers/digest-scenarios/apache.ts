import type { Scenario } from './scenario.ts';
import { ALICE, JOERG } from './users.ts';

const strict = { strict: true };

export const apache: readonly Scenario[] = [
  {
    name: 'one round trip for each request after the first, each with a proof of the server',
    user: ALICE,
    options: strict,
    calls: [{ path: '/digest/x' }, { path: '/digest/y' }, { path: '/mixed/z' }],
    statuses: [200, 200, 200],
    requests: 4,
    answer: /nc=00000003/,
    said: /rspauth="[0-9a-f]{32}"/,
  },
  {
    name: 'a query, percent forms and a body',
    user: ALICE,
    options: strict,
    calls: [{ path: '/digest/x%20y/%2F?a=%2F&b=c%20d', method: 'POST', body: 'hello' }],
    statuses: [200],
    requests: 2,
    said: /method=POST uri=\/digest\/x%20y\/%2F\?a=%2F&b=c%20d body=hello$/,
  },
  {
    name: 'a user name in UTF-8, of which the server does not say that it reads it',
    user: JOERG,
    options: strict,
    calls: [{ path: '/digest/x' }],
    statuses: [200],
    requests: 2,
    answer: /username="j\xc3\xb6rg"/,
  },
  {
    name: 'a nonce for one request, and the next one with each answer',
    user: ALICE,
    options: strict,
    calls: [{ path: '/once/x' }, { path: '/once/y' }, { path: '/once/z' }],
    statuses: [200, 200, 200],
    requests: 4,
    answer: /nc=00000001/,
    said: /nextnonce="/,
  },
  {
    name: 'one repeat where that next nonce has got lost',
    user: ALICE,
    calls: [{ path: '/once/x' }, { path: '/once/y' }],
    rewrite: (response) => response.replace(/nextnonce="[^"]*", */, ''),
    statuses: [200, 200],
    requests: 4,
    said: /stale=true/,
  },
  {
    name: 'the Digest challenge among others, on two lines',
    user: ALICE,
    options: strict,
    calls: [{ path: '/mixed/x' }],
    statuses: [200],
    requests: 2,
    said: /Negotiate, Bearer/,
  },
  {
    name: 'a wrong password',
    user: { ...ALICE, password: 'wrong' },
    calls: [{ path: '/digest/x' }, { path: '/digest/x' }],
    statuses: [401, 401],
    requests: 3,
  },
  {
    name: 'nothing, where MD5 is forbidden',
    user: ALICE,
    options: { allowMd5: false },
    calls: [{ path: '/digest/x' }],
    statuses: [401],
    requests: 1,
  },
];
