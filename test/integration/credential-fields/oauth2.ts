/** The fields of AuthOAuth2. */

import { expect } from 'vitest';
import { buildAuthenticator } from '../../../src/builders/build-authenticator.ts';
import type { CredentialFields } from '../../../src/fields/credential-fields.ts';
import { secret } from '../../../src/secret.ts';
import type { Rows } from './stage.ts';

const OWNER: CredentialFields = {
  oauth2Type: 'ResourceOwner',
  oauth2ResourceOwnerUsername: 'ada',
  oauth2ResourceOwnerPassword: 'wonderland',
};

const ALL: CredentialFields = {
  authType: 'AuthOAuth2',
  oauth2ClientId: 'robot',
  oauth2ClientSecret: 'tin-man-heart',
  oauth2TokenURL: 'https://as.example/token',
  ...OWNER,
};

/** What comes without a field that must be there. */
function required(field: keyof CredentialFields, what: string) {
  return () =>
    expect(() => buildAuthenticator({ ...ALL, [field]: '' })).toThrow(`field '${field}' must be set to ${what}.`);
}

export const oauth2 = {
  oauth2ClientId: {
    'identifies the client': async ({ oauth2, login }) => {
      await oauth2({ oauth2ClientId: 'android', oauth2AuthType: 'post_body' })();
      expect(login.received[0]?.form.client_id).toBe('android');
    },
    'is required': required('oauth2ClientId', 'the client identifier'),
  },
  oauth2ClientSecret: {
    'proves the client, as text, a secret or a function': async ({ oauth2, login }) => {
      for (const value of ['tin man', secret('tin man'), () => 'tin man']) {
        await oauth2({ oauth2ClientSecret: value, oauth2AuthType: 'post_body' })();
        expect(login.received.at(-1)?.form.client_secret).toBe('tin man');
      }
    },
    'is required': required('oauth2ClientSecret', 'the client secret'),
    'is masked in debug lines': async ({ oauth2, lines }) => {
      await oauth2({ debug: true })('/tin-man-heart');
      expect(lines.length).toBeGreaterThan(1);
      expect(lines.join()).not.toMatch(/tin-man-heart|first-token/);
    },
  },
  oauth2TokenURL: {
    'is where the token comes from': async ({ oauth2, login }) => {
      await oauth2({ oauth2TokenURL: `${login.url}/v2?x=1` })();
      expect(login.received).toMatchObject([{ method: 'POST', path: '/token/v2?x=1' }]);
    },
    'is required': required('oauth2TokenURL', "the token endpoint's URL"),
    'must be https, but on this machine': () => {
      expect(() => buildAuthenticator({ ...ALL, oauth2TokenURL: 'http://as.example/token' })).toThrow(
        /^field 'oauth2TokenURL' must be https/,
      );
    },
  },
  oauth2TokenLabel: {
    'is the header that carries the token': async ({ oauth2 }) => {
      const { headers } = await oauth2({ oauth2TokenLabel: 'X-Token' })();
      expect(headers['x-token']).toBe('Bearer first-token');
      expect(headers).not.toHaveProperty('authorization');
    },
    'is Authorization by default, whatever authHeader says': async ({ oauth2 }) => {
      expect((await oauth2({ authHeader: 'X-Token' })()).headers.authorization).toBe('Bearer first-token');
    },
  },
  oauth2TokenFormat: {
    'needs {}': () => {
      expect(() => buildAuthenticator({ ...ALL, oauth2TokenFormat: 'Bearer' })).toThrow(
        "field 'oauth2TokenFormat' must be text with '{}' where the token belongs, such as 'Bearer {}'.",
      );
    },
    'inserts the token literally': async ({ oauth2, login }) => {
      login.answer({ json: { access_token: "$&$'$1" } });
      expect((await oauth2({ oauth2TokenFormat: '{}' })()).headers.authorization).toBe("$&$'$1");
    },
  },
  oauth2TokenKey: {
    'is where the token stands, along dots': async ({ oauth2, login }) => {
      login.answer({ json: { result: { jwt: 'deep' } } });
      expect((await oauth2({ oauth2TokenKey: 'result.jwt' })()).headers.authorization).toBe('Bearer deep');
    },
    'fails the token request where nothing stands': async ({ oauth2 }) => {
      const call = oauth2({ oauth2TokenKey: 'result.jwt' });
      await expect(call()).rejects.toMatchObject({ code: 'ERR_AUTH_TOKEN_ENDPOINT' });
    },
  },
  oauth2Type: {
    'ClientCredentials: the client asks for itself': async ({ oauth2, login }) => {
      await oauth2({ oauth2Type: 'ClientCredentials', oauth2ResourceOwnerUsername: 'ada' })();
      expect(login.received[0]?.form).toEqual({ grant_type: 'client_credentials' });
    },
    'ResourceOwner: the client asks with a password': async ({ oauth2, login }) => {
      await oauth2(OWNER)();
      expect(login.received[0]?.form).toEqual({ grant_type: 'password', username: 'ada', password: 'wonderland' });
    },
    'None, the default, is refused': () => {
      for (const oauth2Type of ['None', ''] as const) {
        expect(() => buildAuthenticator({ ...ALL, oauth2Type })).toThrow(
          "field 'oauth2Type' is None: set it to ClientCredentials or ResourceOwner.",
        );
      }
    },
  },
  oauth2AuthType: {
    'basic_auth, the default: the client proves itself in the header': async ({ oauth2, login }) => {
      await oauth2()();
      expect(login.received[0]?.headers.authorization).toBe(`Basic ${btoa('robot:tin-man-heart')}`);
      expect(login.received[0]?.form).not.toHaveProperty('client_secret');
    },
    'post_body: in the body': async ({ oauth2, login }) => {
      await oauth2({ oauth2AuthType: 'post_body' })();
      expect(login.received[0]?.form).toMatchObject({ client_id: 'robot', client_secret: 'tin-man-heart' });
      expect(login.received[0]?.headers).not.toHaveProperty('authorization');
    },
  },
  oauth2ClientCredentialsScope: {
    'is asked for with client credentials, and only then': async ({ oauth2, login }) => {
      await oauth2({ oauth2ClientCredentialsScope: 'read write' })();
      expect(login.received[0]?.form.scope).toBe('read write');
      await oauth2({ ...OWNER, oauth2ClientCredentialsScope: 'read write' })();
      expect(login.received[1]?.form).not.toHaveProperty('scope');
    },
    'is left out where it is empty': async ({ oauth2, login }) => {
      await oauth2({ oauth2ClientCredentialsScope: '' })();
      expect(login.received[0]?.form).not.toHaveProperty('scope');
    },
  },
  oauth2ResourceOwnerUsername: {
    'is the name of the resource owner': async ({ oauth2, login }) => {
      await oauth2({ ...OWNER, oauth2ResourceOwnerUsername: 'grace', username: 'ada' })();
      expect(login.received[0]?.form.username).toBe('grace');
    },
    'is required': required('oauth2ResourceOwnerUsername', "the resource owner's name"),
  },
  oauth2ResourceOwnerPassword: {
    'is the password of the resource owner': async ({ oauth2, login }) => {
      await oauth2({ ...OWNER, oauth2ResourceOwnerPassword: () => 'open sesame', password: 'other' })();
      expect(login.received[0]?.form.password).toBe('open sesame');
    },
    'is required': required('oauth2ResourceOwnerPassword', "the resource owner's password"),
    'is masked in debug lines': async ({ oauth2, lines }) => {
      await oauth2({ ...OWNER, debug: true })('/wonderland');
      expect(lines.length).toBeGreaterThan(1);
      expect(lines.join()).not.toContain('wonderland');
    },
  },
  oauth2ResourceOwnerScope: {
    "is asked for with the resource owner's password, and only then": async ({ oauth2, login }) => {
      await oauth2({ ...OWNER, oauth2ResourceOwnerScope: 'read' })();
      expect(login.received[0]?.form.scope).toBe('read');
      await oauth2({ oauth2ResourceOwnerScope: 'read' })();
      expect(login.received[1]?.form).not.toHaveProperty('scope');
    },
  },
  oauth2ResourceOwnerAdditionalParams: {
    'goes into the body of the token request': async ({ oauth2, login }) => {
      for (const more of ['{"scope": "hello", "otherParam": "thanks"}', { scope: 'hello', otherParam: 'thanks' }]) {
        await oauth2({ ...OWNER, oauth2ResourceOwnerAdditionalParams: more })();
        expect(login.received.at(-1)?.form).toMatchObject({ scope: 'hello', otherParam: 'thanks', username: 'ada' });
      }
    },
    'must not overrule the grant': () => {
      const fields = { ...ALL, oauth2ResourceOwnerAdditionalParams: '{"grant_type":"x"}' };
      expect(() => buildAuthenticator(fields)).toThrow(
        /^field 'oauth2ResourceOwnerAdditionalParams' must not hold 'grant_type'/,
      );
    },
  },
} satisfies Rows;
