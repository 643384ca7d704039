/**
 * The contract of an adapter, as cases that run wherever JavaScript runs: web standards only, and no test framework. Each
 * case gets the client that it drives, and a world of its own at the two servers of `api-server.mjs`.
 */

import { AuthApiKey, AuthBasic, AuthBearer } from 'authwire';
import { AuthDigest } from 'authwire/digest';
import { AuthOAuth2, clientCredentials } from 'authwire/oauth';
import { equal, isTrue } from './assert.mjs';

/**
 * A source that asks the server for tokens.
 *
 * @param {World} world
 * @param {object} [options]
 */
function bearer(world, options = { token: 'token-0' }) {
  const source = async ({ signal }) => (await fetch(world.url('/token'), { signal })).json();
  return new AuthBearer(source, options);
}

function machine(world, options = {}) {
  return new AuthOAuth2(
    clientCredentials({
      tokenEndpoint: world.url('/token'),
      clientId: 'reports',
      clientSecret: 'client-secret-value',
      ...options,
    }),
  );
}

/** @type {Case[]} */
export const cases = [
  {
    name: 'sends a password',
    async run({ client, world }) {
      const send = client.create(new AuthBasic({ username: 'ada', password: 'open sesame' }), world.origins);
      equal((await send({ url: world.url('/basic') })).status, 200);
    },
  },
  {
    name: 'takes a key in a header of its own off where a redirect leads elsewhere',
    needs: 'redirects',
    async run({ client, world }) {
      const send = client.create(new AuthApiKey({ header: 'x-api-key', key: 'key-1' }), world.origins);
      const { text } = await send({ url: world.url(`/redirect?to=${encodeURIComponent(world.foreign('/headers'))}`) });
      equal(JSON.parse(text)['x-api-key'], undefined);
    },
  },
  {
    name: 'renews a refused token once for all who wait',
    async run({ client, world }) {
      const send = client.create(bearer(world), world.origins);
      const answers = await Promise.all(Array.from({ length: 10 }, () => send({ url: world.url('/api') })));
      equal(
        answers.map(({ status }) => status),
        Array(10).fill(200),
      );
      equal((await world.stats()).tokens, 1);
    },
  },
  {
    name: 'renews nothing for a refusal that comes late',
    async run({ client, world }) {
      const send = client.create(bearer(world), world.origins);
      const late = send({ url: world.url('/late') });
      await world.arrived('/late');
      equal((await send({ url: world.url('/api') })).status, 200);
      await world.release();
      equal((await late).status, 200);
      equal((await world.stats()).tokens, 1);
    },
  },
  {
    name: 'resends a body whole',
    async run({ client, world }) {
      const send = client.create(bearer(world), world.origins);
      const { status, text } = await send({ url: world.url('/api'), method: 'POST', body: 'x'.repeat(100_000) });
      equal([status, JSON.parse(text).size], [200, 100_000]);
    },
  },
  {
    name: 'never resends a stream, and renews for the next call',
    needs: 'streams',
    async run({ client, world }) {
      const send = client.create(bearer(world), world.origins);
      const body = new Blob(['once']).stream();
      equal((await send({ url: world.url('/api'), method: 'POST', body })).status, 401);
      equal((await send({ url: world.url('/api') })).status, 200);
    },
  },
  {
    name: 'lets a caller leave a renewal, alone',
    async run({ client, world }) {
      const send = client.create(bearer(world, {}), world.origins);
      await world.hold('/token');
      const leaving = new AbortController();
      const left = send({ url: world.url('/api'), signal: leaving.signal }).then(
        () => 'an answer',
        () => 'an error',
      );
      const stays = send({ url: world.url('/api') });
      await world.arrived('/token');
      leaving.abort();
      equal(await left, 'an error');
      await world.release();
      equal((await stays).status, 200);
      equal((await world.stats()).tokens, 1);
    },
  },
  {
    name: 'logs in with a client secret',
    async run({ client, world }) {
      const send = client.create(machine(world), world.origins);
      equal((await send({ url: world.url('/api') })).status, 200);
    },
  },
  {
    name: 'remembers that a client was refused, and keeps its secret out of the error',
    async run({ client, world }) {
      const send = client.create(machine(world, { tokenEndpoint: world.url('/refused') }), world.origins);
      const errors = [];
      for (let call = 0; call < 3; call += 1)
        await send({ url: world.url('/api') }).catch((error) => errors.push(error));
      equal(errors.length, 3);
      equal((await world.stats()).refusals, 1);
      for (const error of errors) isTrue(!allText(error).includes('client-secret-value'), 'the error shows the secret');
    },
  },
  {
    name: 'answers a digest challenge',
    async run({ client, world }) {
      const send = client.create(new AuthDigest({ username: 'ada', password: 'open sesame' }), world.origins);
      for (let call = 0; call < 2; call += 1) equal((await send({ url: world.url('/digest') })).status, 200);
      equal((await world.stats()).challenges, 1);
    },
  },
  {
    name: 'sends nothing to an origin that nobody named',
    async run({ client, world }) {
      const send = client.create(bearer(world, { token: 'token-0' }), world.origins);
      const { text } = await send({ url: world.foreign('/headers') });
      equal(JSON.parse(text).authorization, undefined);
    },
  },
  {
    name: 'is not stopped by a callback that hangs',
    async run({ client, world }) {
      const onToken = () => new Promise(() => {});
      const send = client.create(bearer(world, { token: 'token-0', onToken, deadlineMs: 500 }), world.origins);
      await send({ url: world.url('/api') }).catch(() => undefined);
      equal((await send({ url: world.url('/api') })).status, 200);
    },
  },
  {
    name: 'is not stopped by a renewal whose request has ended',
    // On Workers, what a request has started ends with it: its timers and its connections.
    separateRequests: true,
    async run(context) {
      for (const step of this.steps) await step(context);
    },
    steps: [
      async ({ client, world, memory }) => {
        await world.hold('/token');
        // Refreshing ahead begins 3.5 s from now, a fifth of the token's life before it is used no more.
        const expiresAt = Date.now() + 5_000;
        await world.accept('token-short');
        const token = { accessToken: 'token-short', tokenType: 'Bearer', expiresAt };
        const auth = bearer(world, { token, refreshAheadMs: 60_000, deadlineMs: 1_000 });
        memory.expiresAt = expiresAt;
        memory.send = client.create(auth, world.origins);
        await until(expiresAt - 1_300);
        equal((await memory.send({ url: world.url('/api') })).status, 200);
        await world.arrived('/token');
      },
      async ({ world, memory }) => {
        // The first token request is never answered; the next one is. Until the back-off after the first has passed, a call
        // fails at once. No call waits for longer than its deadline.
        await world.forget();
        await until(memory.expiresAt + 100);
        const send = async () => {
          const late = new Promise((resolve) => setTimeout(resolve, 2_000, 'hangs'));
          const sent = memory.send({ url: world.url('/api') }).then(({ status }) => status);
          return Promise.race([sent.catch(() => 'failed'), late]);
        };
        let outcome = await send();
        for (let more = 10; outcome === 'failed' && more > 0; more -= 1) {
          await until(Date.now() + 250);
          outcome = await send();
        }
        equal(outcome, 200);
      },
    ],
  },
];

/** @param {number} time */
function until(time) {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, time - Date.now())));
}

/** Everything that a program would print of an error. */
function allText(error, depth = 0) {
  if (typeof error !== 'object' || error === null || depth > 4) return String(error);
  return Object.getOwnPropertyNames(error)
    .map((name) => allText(error[name], depth + 1))
    .join('\n');
}

/** @typedef {import('./world.mjs').World} World */
/**
 * @typedef {object} Case
 * @property {string} name
 * @property {'redirects' | 'streams'} [needs] - What the client must be able to do.
 * @property {boolean} [separateRequests] - The steps belong to requests of their own, where code runs inside requests.
 * @property {(context: any) => Promise<void>} run
 * @property {((context: any) => Promise<void>)[]} [steps]
 */
