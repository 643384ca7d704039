/** The fields of logins: where, how the answer is read, and how long a token lives. */

import { expect } from 'vitest';
import { buildAuthenticator } from '../../../src/builders/build-authenticator.ts';
import type { CredentialFields } from '../../../src/fields/credential-fields.ts';
import type { Caller, Rows, Stage } from './stage.ts';

/** Both classes that ask a server: what holds for one field holds for both. */
const both = ({ token, oauth2 }: Stage) => [token, oauth2] as const;

/** Two tokens, one after the other; the first lives as long as the answer says. */
function answers({ login }: Stage, first: object) {
  login.received.length = 0;
  login.answer({ json: { access_token: 't1', ...first } }, { json: { access_token: 't2' } });
}

async function bearer(call: Caller): Promise<string> {
  return String((await call()).headers.authorization).replace('Bearer ', '');
}

/** Does the first token serve until so many seconds have passed, and no longer? */
async function expectLife(stage: Stage, seconds: number, first: object, fields: CredentialFields) {
  for (const client of both(stage)) {
    answers(stage, first);
    const call = client(fields);
    expect(await bearer(call)).toBe('t1');
    stage.pass(seconds - 1);
    expect(await bearer(call)).toBe('t1');
    stage.pass(2);
    expect(await bearer(call)).toBe('t2');
    expect(stage.login.received).toHaveLength(2);
  }
}

export const logins = {
  authEndpoint: {
    'is where to log in': async ({ build, login }) => {
      await build(
        { authType: 'AuthToken', username: 'ada', url: 'http://127.0.0.1:9/', authEndpoint: login.url },
        { origins: '*' },
      )();
      expect(login.received).toMatchObject([{ method: 'POST', path: '/token' }]);
    },
    'may be relative to url': async ({ build, api }) => {
      api.answer({ json: { access_token: 't' } });
      const url = new URL(api.url).origin;
      await build({ authType: 'AuthToken', username: 'ada', url, authEndpoint: '/v1/login' })();
      expect(api.received[0]).toMatchObject({ method: 'POST', path: '/v1/login' });
    },
    'is url itself where it is empty': async ({ build, api }) => {
      api.answer({ json: { access_token: 't' } });
      await build({ authType: 'AuthToken', username: 'ada', url: `${new URL(api.url).origin}/all` })();
      expect(api.received[0]).toMatchObject({ method: 'POST', path: '/all' });
    },
  },
  tokenKey: {
    'is where the token stands, along dots': async ({ token, login }) => {
      login.answer({ json: { data: [{ token: 'deep' }], access_token: 'flat' } });
      expect(await bearer(token())).toBe('flat');
      expect(await bearer(token({ tokenKey: 'data.0.token' }))).toBe('deep');
    },
    'fails the login where nothing stands': async ({ token }) => {
      await expect(token({ tokenKey: 'data.token' })()).rejects.toMatchObject({ code: 'ERR_AUTH_TOKEN_ENDPOINT' });
    },
  },
  tokenFormat: {
    'needs {}': () => {
      const fields = { authType: 'AuthToken', username: 'ada', url: 'https://h/', tokenFormat: 'Token' };
      expect(() => buildAuthenticator(fields)).toThrow(
        "field 'tokenFormat' must be text with '{}' where the token belongs, such as 'Bearer {}'.",
      );
    },
    'inserts the token literally': async ({ token, login }) => {
      login.answer({ json: { access_token: "$&$'$1{}" } });
      const { headers } = await token({ tokenFormat: 'Token token="{}"' })();
      expect(headers.authorization).toBe(`Token token="$&$'$1{}"`);
    },
  },
  timeToNextRequest: {
    'leaves the login alone for so many seconds after a failure': async (stage) => {
      for (const client of both(stage)) {
        stage.login.received.length = 0;
        stage.login.answer({ status: 401, json: { error: 'invalid_client' } }, { json: { access_token: 't' } });
        const call = client({ timeToNextRequest: '5' });
        await expect(call()).rejects.toThrow();
        stage.pass(4);
        await expect(call()).rejects.toThrow();
        expect(stage.login.received).toHaveLength(1);
        stage.pass(1);
        expect(await bearer(call)).toBe('t');
      }
    },
    'is 60 seconds by default': async ({ token, login, pass }) => {
      login.answer({ status: 401 }, { json: { access_token: 't' } });
      const call = token();
      await expect(call()).rejects.toThrow();
      pass(59);
      await expect(call()).rejects.toThrow();
      pass(1);
      expect(await bearer(call)).toBe('t');
    },
    'of 0 never tries again': async ({ token, login, pass }) => {
      login.answer({ status: 401 }, { json: { access_token: 't' } });
      const call = token({ timeToNextRequest: 0 });
      await expect(call()).rejects.toThrow();
      pass(365 * 86_400);
      await expect(call()).rejects.toThrow();
      expect(login.received).toHaveLength(1);
    },
  },
  tokenAuthRefresh: {
    'static: the token lives as long as the fields say, whatever the answer says': (stage) =>
      expectLife(stage, 50, { expires_in: 9 }, { tokenAuthRefresh: 'tokenAuthRefreshStatic', tokenRefreshTTL: 50 }),
    'dynamic, by default: the token lives as long as the answer says': (stage) =>
      expectLife(stage, 90, { expires_in: 90 }, { tokenRefreshTTL: 50 }),
  },
  tokenRefreshTTL: {
    'is an hour by default where the life is static': (stage) =>
      expectLife(stage, 3600, {}, { tokenAuthRefresh: 'tokenAuthRefreshStatic' }),
    'holds where the answer says nothing and the life is dynamic': (stage) =>
      expectLife(stage, 50, {}, { tokenRefreshTTL: '50' }),
    'must be above 0 where the life is static': ({ token }) => {
      expect(() => token({ tokenAuthRefresh: 'tokenAuthRefreshStatic', tokenRefreshTTL: 0 })).toThrow(
        "field 'tokenRefreshTTL' must be above 0 for tokenAuthRefreshStatic.",
      );
    },
  },
  tokenExpiresInSelector: {
    'is where the answer says how long the token lives': (stage) =>
      expectLife(stage, 70, { expires_in: 9, meta: { ttl: 70 } }, { tokenExpiresInSelector: 'meta.ttl' }),
    'may hold a number as text': (stage) => expectLife(stage, 70, { expires_in: '70' }, {}),
  },
} satisfies Rows;
