/**
 * What the demo does with each client. Beside every scenario stands what must come of it, to the last request: a
 * figure that differs is a failure of the demo.
 */

import { createHash, randomBytes } from 'node:crypto';
import { AuthDigest } from '../../src/entries/digest.ts';
import { AuthApiKey } from '../../src/index.ts';
import type { Stage } from './stage.ts';

export interface Figures {
  /** Requests that came to the API. */
  readonly requests: number;
  /** Requests that came to the token endpoint. */
  readonly tokenRequests: number;
  readonly outcome: string;
}

export interface Scenario {
  readonly name: string;
  readonly expected: Figures;
  /** Does the work and says what came of it. */
  run(stage: Stage): Promise<string>;
}

const CROWD = 200;
const LATE = 20;
const UPLOAD_BYTES = 1_000_000;
const SIGNED = 10;

const firstCall: Scenario = {
  name: 'first call',
  expected: { requests: 1, tokenRequests: 1, outcome: '1 × 200' },
  async run({ api, send }) {
    return tally([await send({ url: api.url('/reports') })]);
  },
};

/** All are refused before the first hears of it, as when a token is revoked under load. */
export const crowd: Scenario = {
  name: `${CROWD} calls, token revoked`,
  expected: { requests: 2 * CROWD, tokenRequests: 1, outcome: `${CROWD} × 200` },
  async run({ api, login, send }) {
    await login.revokeAccessToken();
    const refused = api.refused.count + CROWD;
    api.holdRefusals();
    const calls = Array.from({ length: CROWD }, () => send({ url: api.url('/reports') }));
    await api.refused.reached(refused);
    api.releaseAll();
    return tally(await Promise.all(calls));
  },
};

/** Each 401 comes after the one before has been renewed and resent: it speaks of a token that is already replaced. */
const lateRefusals: Scenario = {
  name: `${LATE} late 401s`,
  expected: { requests: 2 * LATE, tokenRequests: 1, outcome: `${LATE} × 200` },
  async run({ api, login, send }) {
    await login.revokeAccessToken();
    const refused = api.refused.count + LATE;
    api.holdRefusals();
    const calls = Array.from({ length: LATE }, () => send({ url: api.url('/reports') }));
    await api.refused.reached(refused);
    for (const _ of calls) {
      const accepted = api.accepted.count + 1;
      api.releaseOne();
      await api.accepted.reached(accepted);
    }
    return tally(await Promise.all(calls));
  },
};

const upload: Scenario = {
  name: 'upload, refused once',
  expected: { requests: 2, tokenRequests: 1, outcome: '1 × 200, same SHA-256 twice' },
  async run({ api, login, send }) {
    await login.revokeAccessToken();
    const body = new Uint8Array(randomBytes(UPLOAD_BYTES));
    const sha256 = createHash('sha256').update(body).digest('hex');
    const before = api.uploads.length;
    const statuses = tally([await send({ url: api.url('/reports'), method: 'PUT', body })]);
    const same = api.uploads.slice(before).filter((received) => received === sha256).length;
    return `${statuses}, ${same === 2 ? 'same SHA-256 twice' : `${same} of the bodies whole`}`;
  },
};

/** The first 401 brings the nonce; from then on every call is signed before it leaves. */
const digests: Scenario = {
  name: `${SIGNED} calls with a digest`,
  expected: { requests: SIGNED + 1, tokenRequests: 0, outcome: `${SIGNED} × 200` },
  async run({ api, connect }) {
    const { username, password } = api.digest;
    const send = connect(new AuthDigest({ username, password }));
    const statuses: (number | string)[] = [];
    for (let call = 0; call < SIGNED; call += 1) statuses.push(await send({ url: api.url('/archive') }));
    return tally(statuses);
  },
};

/** With the token, and with a key in a header that no client takes off by itself. The foreign server answers 401. */
const foreignRedirect: Scenario = {
  name: 'redirect to a foreign origin',
  expected: { requests: 2, tokenRequests: 0, outcome: '2 × 401, 0 of 2 with a credential' },
  async run({ api, foreign, secrets, send, connect }) {
    const before = foreign.received.length;
    const sendWithKey = connect(new AuthApiKey({ header: 'x-api-key', key: api.apiKey }));
    const statuses = [await send({ url: api.url('/moved') }), await sendWithKey({ url: api.url('/moved') })];
    const received = foreign.received.slice(before);
    const leaks = received.filter((request) => secrets().some((secret) => request.includes(secret)));
    return `${tally(statuses)}, ${leaks.length} of ${received.length} with a credential`;
  },
};

export const scenarios: readonly Scenario[] = [firstCall, crowd, lateRefusals, upload, digests, foreignRedirect];

/** `198 × 200, 2 × 401` */
function tally(statuses: readonly (number | string)[]): string {
  const counts = new Map<number | string, number>();
  for (const status of statuses) counts.set(status, (counts.get(status) ?? 0) + 1);
  return [...counts].map(([status, count]) => `${count} × ${status}`).join(', ');
}
