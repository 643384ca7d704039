/** The fields of user names, passwords and keys. */

import { expect } from 'vitest';
import { buildAuthenticator } from '../../../src/builders/build-authenticator.ts';
import { secret } from '../../../src/secret.ts';
import type { Rows } from './stage.ts';

const KEY = { authType: 'AuthApiKey', apikey: 'key-of-ada' };

export const keys = {
  username: {
    'is the user name of AuthBasic': async ({ build }) => {
      const { headers } = await build({ authType: 'AuthBasic', username: 'Ädä', password: 'p' })();
      expect(headers.authorization).toBe(`Basic ${Buffer.from('Ädä:p').toString('base64')}`);
    },
    'logs in with AuthToken': async ({ token, login }) => {
      await token({ username: 'grace' })();
      expect(JSON.parse(login.received[0]?.body ?? '')).toEqual({ username: 'grace', password: 'wonderland' });
    },
    'must be there for both': () => {
      for (const authType of ['AuthBasic', 'AuthToken']) {
        expect(() => buildAuthenticator({ authType, url: 'https://h/' })).toThrow(
          "field 'username' must be set to the user name.",
        );
      }
    },
  },
  password: {
    'is the password of AuthBasic, as text, a secret or a function': async ({ build }) => {
      for (const password of ['open sesame', secret('open sesame'), async () => 'open sesame']) {
        const { headers } = await build({ authType: 'AuthBasic', username: 'ada', password })();
        expect(headers.authorization).toBe(`Basic ${btoa('ada:open sesame')}`);
      }
    },
    'logs in with AuthToken': async ({ token, login }) => {
      await token({ password: () => secret('open sesame') })();
      expect(JSON.parse(login.received[0]?.body ?? '')).toEqual({ username: 'ada', password: 'open sesame' });
    },
    'may be empty': async ({ build }) => {
      const { headers } = await build({ authType: 'AuthBasic', username: 'ada', password: '' })();
      expect(headers.authorization).toBe(`Basic ${btoa('ada:')}`);
    },
  },
  authHeader: {
    'is Authorization by default': async ({ build, token }) => {
      expect((await build(KEY)()).headers.authorization).toBe('key-of-ada');
      expect((await token()()).headers.authorization).toBe('Bearer first-token');
    },
    'is the header of a key and of a token': async ({ build, token }) => {
      const { headers } = await build({ ...KEY, authHeader: 'X-Api-Key' })();
      expect(headers['x-api-key']).toBe('key-of-ada');
      expect(headers).not.toHaveProperty('authorization');
      expect((await token({ authHeader: 'X-Token' })()).headers['x-token']).toBe('Bearer first-token');
    },
    'is the query parameter of AuthQuery, whatever its characters': async ({ build }) => {
      const { path } = await build({ ...KEY, authType: 'AuthQuery', authHeader: 'filter[key]' })();
      expect(new URL(path, 'http://h').searchParams.get('filter[key]')).toBe('key-of-ada');
    },
    'must be the name of a header': () => {
      expect(() => buildAuthenticator({ ...KEY, authHeader: 'X Api Key' })).toThrow(
        "field 'authHeader' must be the name of a header, such as 'x-api-key'.",
      );
    },
  },
  prefix: {
    'stands before the key, with one space': async ({ build }) => {
      for (const prefix of ['Token', ' Token ']) {
        expect((await build({ ...KEY, prefix })()).headers.authorization).toBe('Token key-of-ada');
      }
    },
    'leaves no space where it is blank': async ({ build }) => {
      expect((await build({ ...KEY, prefix: ' ' })()).headers.authorization).toBe('key-of-ada');
    },
  },
  suffix: {
    'stands after the key, with one space': async ({ build }) => {
      expect((await build({ ...KEY, suffix: 'v1' })()).headers.authorization).toBe('key-of-ada v1');
      expect((await build({ ...KEY, prefix: 'Key', suffix: 'v1' })()).headers.authorization).toBe('Key key-of-ada v1');
    },
  },
  apikey: {
    'is the key of AuthApiKey and AuthQuery': async ({ build }) => {
      expect((await build(KEY)()).headers.authorization).toBe('key-of-ada');
      const { path } = await build({ ...KEY, authType: 'AuthQuery', authHeader: 'key' })();
      expect(path).toBe('/things?key=key-of-ada');
    },
    'is the token of AuthBearer and AuthJwt': async ({ build }) => {
      for (const authType of ['AuthBearer', 'AuthJwt']) {
        expect((await build({ ...KEY, authType })()).headers.authorization).toBe('Bearer key-of-ada');
      }
    },
    'is required': () => {
      expect(() => buildAuthenticator({ authType: 'AuthApiKey' })).toThrow(
        "field 'apikey' must be set to the API key.",
      );
    },
    'is masked in debug lines': async ({ build, lines }) => {
      await build({ ...KEY, debug: true, url: 'http://127.0.0.1/' }, { origins: '*' })('/key-of-ada');
      expect(lines.join()).not.toContain('key-of-ada');
      expect(lines).not.toEqual([]);
    },
  },
} satisfies Rows;
