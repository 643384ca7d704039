import type { Scenario } from './scenario.ts';
import { ALICE, JOERG } from './users.ts';

const FOLDERS = [
  ['md5', 'MD5'],
  ['sha256', 'SHA-256'],
  ['sha512', 'SHA-512-256'],
] as const;

/** lighttpd's nonces are the time in hexadecimal, a colon and anything: makes one that is so many seconds older. */
function older(response: string, seconds: number): string {
  return response.replace(/nonce="([0-9a-f]+):[^"]*"/, (_, time: string) => {
    return `nonce="${(Number.parseInt(time, 16) - seconds).toString(16)}:0"`;
  });
}

const onlyFirst = (rewrite: (response: string) => string) => (response: string, index: number) =>
  index === 0 ? rewrite(response) : response;

const ofEach = FOLDERS.flatMap(([folder, algorithm]): Scenario[] => [
  {
    name: `${algorithm}: one round trip for each request after the first`,
    user: ALICE,
    calls: [{ path: `/${folder}/x` }, { path: `/${folder}/x?q=%2F` }],
    statuses: [200, 200],
    requests: 3,
    answer: new RegExp(`nc=00000002.*algorithm=${algorithm}`),
  },
  {
    name: `${algorithm}-sess, which it understands and never asks for`,
    user: ALICE,
    calls: [{ path: `/${folder}/x` }, { path: `/${folder}/x` }],
    rewrite: onlyFirst((response) => response.replace(/algorithm=([\w-]+)/, 'algorithm=$1-sess')),
    statuses: [200, 200],
    requests: 3,
    answer: new RegExp(`nc=00000002.*algorithm=${algorithm}-sess`),
  },
  {
    name: `${algorithm} without qop, as in RFC 2069`,
    user: ALICE,
    calls: [{ path: `/${folder}/x` }, { path: `/${folder}/x` }],
    rewrite: onlyFirst((response) => response.replace(/, *qop="auth"/, '')),
    statuses: [200, 200],
    requests: 3,
    answer: /^(?!.*(?:nc|qop)=).*response=/,
  },
  {
    name: `${algorithm}: one silent repeat of what had a stale nonce`,
    user: ALICE,
    calls: [{ path: `/${folder}/x` }, { path: `/${folder}/x` }],
    rewrite: onlyFirst((response) => older(response, 605)),
    statuses: [200, 200],
    requests: 4,
    answer: /nc=00000002/,
    said: /stale=true/,
  },
  {
    name: `${algorithm}: the next nonce, with the answer to an ageing one`,
    user: ALICE,
    calls: [{ path: `/${folder}/x` }, { path: `/${folder}/x` }],
    rewrite: onlyFirst((response) => older(response, 560)),
    statuses: [200, 200],
    requests: 3,
    answer: /nc=00000001/,
    said: /nextnonce="/,
  },
]);

export const lighttpd: readonly Scenario[] = [
  ...ofEach,
  {
    name: 'the hash of a user name',
    user: ALICE,
    calls: [{ path: '/hash/x' }],
    statuses: [200],
    requests: 2,
    answer: /username="[0-9a-f]{64}".*userhash=true/,
  },
  {
    name: 'the hash of a user name beyond ASCII',
    user: JOERG,
    calls: [{ path: '/hash/x' }],
    statuses: [200],
    requests: 2,
    answer: /username="[0-9a-f]{64}".*userhash=true/,
  },
  {
    name: 'username* for a user name beyond ASCII',
    user: JOERG,
    calls: [{ path: '/sha256/x' }],
    statuses: [200],
    requests: 2,
    answer: /username\*=UTF-8''j%C3%B6rg, /,
    said: /charset="UTF-8"/,
  },
  {
    name: 'the stronger of two challenges',
    user: ALICE,
    calls: [{ path: '/both/x' }],
    statuses: [200],
    requests: 2,
    answer: /algorithm=SHA-256/,
    said: /algorithm=MD5/,
  },
  {
    name: 'a wrong password',
    user: { ...ALICE, password: 'wrong' },
    calls: [{ path: '/sha256/x' }],
    statuses: [401],
    requests: 2,
  },
];
