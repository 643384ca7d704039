/** The fields that mean the same to every authenticator. */

import { expect } from 'vitest';
import { buildAuthenticator } from '../../../src/builders/build-authenticator.ts';
import type { Rows } from './stage.ts';

const BASIC = { authType: 'AuthBasic', username: 'ada', password: 'wonderland' };
const HEADER = `Basic ${btoa('ada:wonderland')}`;
const KEY = { authType: 'AuthApiKey', apikey: 'key-of-ada', authHeader: 'x-api-key' };

export const common = {
  authType: {
    'is AuthNone by default, which adds nothing': async ({ build }) => {
      const { headers } = await build({ username: 'ada', password: 'p', apikey: 'k' })();
      expect(headers).not.toHaveProperty('authorization');
    },
    'selects the authenticator': async ({ build }) => {
      expect((await build(BASIC)()).headers.authorization).toBe(HEADER);
      expect((await build({ ...BASIC, ...KEY })()).headers['x-api-key']).toBe('key-of-ada');
    },
    'must be a known name': () => {
      expect(() => buildAuthenticator({ authType: 'AuthBasics' })).toThrow(
        /^field 'authType' is 'AuthBasics', which is none of: AuthNone, AuthBasic, /,
      );
    },
  },
  authOverride: {
    'wins over authType': async ({ build }) => {
      const { headers } = await build({ ...BASIC, apikey: 'a-token', authOverride: 'AuthBearer' })();
      expect(headers.authorization).toBe('Bearer a-token');
    },
    'must be a known name': () => {
      expect(() => buildAuthenticator({ ...BASIC, authOverride: 'AuthMine' })).toThrow(/^field 'authOverride' is/);
    },
  },
  url: {
    'binds the credential to its origin': async ({ build, origin }) => {
      const elsewhere = origin.replace('127.0.0.1', 'localhost');
      const there = build({ ...BASIC, url: `${elsewhere}/v1?x=1` });
      expect((await there()).headers).not.toHaveProperty('authorization');
      expect((await there(`${elsewhere}/things`)).headers.authorization).toBe(HEADER);
    },
  },
  debug: {
    'lets the authenticator say what it does, and never a secret': async ({ build, lines }) => {
      await build({ ...BASIC, debug: 'true' })();
      expect(lines.join('\n')).toMatch(/^signed .*"authenticator":"AuthBasic"/);
      expect(lines.join('\n')).not.toMatch(/wonderland|YWRhOndvbmRlcmxhbmQ/);
    },
    'is off by default': async ({ build, lines }) => {
      await build(BASIC)();
      await build({ ...BASIC, debug: 'false' })();
      expect(lines).toEqual([]);
    },
  },
  httpHeader1: {
    'adds a header, split at the first colon': async ({ build, token }) => {
      const httpHeader1 = 'X-Time : 12:30';
      for (const call of [build({ ...KEY, httpHeader1 }), token({ httpHeader1 }), build({ httpHeader1 })]) {
        expect((await call()).headers['x-time']).toBe('12:30');
      }
    },
    "replaces the caller's header and not the credential's": async ({ build }) => {
      const { headers } = await build({ ...BASIC, httpHeader1: 'Authorization: mine' })();
      expect(headers.authorization).toBe(HEADER);
    },
  },
  httpHeader2: {
    'adds a header after httpHeader1': async ({ build }) => {
      const { headers } = await build({ ...KEY, httpHeader1: 'X-A: 1', httpHeader2: 'x-a:2' })();
      expect(headers['x-a']).toBe('2');
    },
    'must be a header': () => {
      expect(() => buildAuthenticator({ ...KEY, httpHeader2: 'key-of-ada' })).toThrow(
        "field 'httpHeader2' must be 'Name: value'.",
      );
    },
  },
  httpHeaders: {
    'adds headers after httpHeader2': async ({ build }) => {
      for (const httpHeaders of ['{"X-A":"3","X-B":"4"}', { 'X-A': '3', 'X-B': '4' }]) {
        const { headers } = await build({ ...BASIC, httpHeader2: 'X-A: 2', httpHeaders })();
        expect(headers).toMatchObject({ 'x-a': '3', 'x-b': '4', authorization: HEADER });
      }
    },
    'must be a JSON object of strings': () => {
      expect(() => buildAuthenticator({ ...BASIC, httpHeaders: '{"X-A": wonderland}' })).toThrow(
        /^field 'httpHeaders' must be a JSON object of strings, such as \{"name": "value"\}\.$/,
      );
    },
  },
  opts: {
    'sends an API key in a cookie by {"in": "cookie"}': async ({ build }) => {
      const { headers } = await build({ ...KEY, authHeader: 'session', opts: '{"in":"cookie"}' })();
      expect(headers.cookie).toBe('session=key-of-ada');
      expect(headers).not.toHaveProperty('session');
    },
    'encodes a Basic password by {"encoding": "form"}': async ({ build }) => {
      const { headers } = await build({ ...BASIC, password: 'a b', opts: { encoding: 'form' } })();
      expect(headers.authorization).toBe(`Basic ${btoa('ada:a+b')}`);
    },
    'renews a token early by skewMs': async ({ build, login, pass }) => {
      login.answer({ json: { access_token: 't1', expires_in: 1000 } }, { json: { access_token: 't2' } });
      const fields = { authType: 'AuthToken', username: 'ada', authEndpoint: login.url };
      const call = build({ ...fields, opts: '{"skewMs":"50000"}' });
      await call();
      pass(951);
      expect((await call()).headers.authorization).toBe('Bearer t2');
    },
    'takes the name of the incoming header for AuthForward': async ({ build }) => {
      const incoming = () => ({ headers: { 'x-token': 'theirs' } });
      const call = build({ authType: 'AuthForward', opts: { incomingHeader: 'x-token' } }, { incoming });
      expect((await call()).headers.authorization).toBe('Bearer theirs');
    },
    'asks for an audience, resources and more parameters': async ({ oauth2, login }) => {
      await oauth2({ opts: { audience: 'reports', resource: ['https://r/'], parameters: { tenant: 'a' } } })();
      expect(login.received[0]?.form).toMatchObject({ audience: 'reports', resource: 'https://r/', tenant: 'a' });
    },
    'must be a JSON object of what the chosen authenticator takes': () => {
      expect(() => buildAuthenticator({ ...KEY, opts: 'in=cookie' })).toThrow(
        /^field 'opts' must be a JSON object, such as/,
      );
      expect(() => buildAuthenticator({ ...KEY, opts: '{"im":"cookie"}' })).toThrow("Did you mean 'in'?");
      expect(() => buildAuthenticator({ ...KEY, opts: '{"in":"key-of-ada"}' })).toThrow(
        "field 'opts' has an option 'in', which must be one of header, cookie.",
      );
    },
  },
} satisfies Rows;
